//! What goes wrong on demand, in the engine and in the web service alike.

/// Which requests go wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum When {
    Every,
    /// The one with this number, from 0.
    Nth(usize),
    /// Every one of this name.
    Only(&'static str),
    /// Every one from the moment that a session exists.
    Started,
}

/// Something that goes wrong with some requests.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fault<E> {
    pub(super) when: When,
    pub(super) effect: E,
}

impl<E> Fault<E> {
    /// Whether it befalls the request `name` with this number. `started`: a session
    /// exists.
    pub(super) fn befalls(&self, number: usize, name: &str, started: bool) -> bool {
        match self.when {
            When::Every => true,
            When::Nth(wanted) => wanted == number,
            When::Only(wanted) => wanted == name,
            When::Started => started,
        }
    }
}
