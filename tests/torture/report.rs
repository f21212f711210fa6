//! What was done, and what was found.

/// Counts and findings.
#[derive(Default)]
pub struct Report {
    phase: &'static str,
    /// How often something was done in this phase, and what.
    counts: Vec<(&'static str, usize)>,
    before: usize,
    /// What else there is to know of this phase.
    note: Option<String>,
    /// What must not be, each with how to come there again.
    pub findings: Vec<String>,
}

impl Report {
    /// Begins a phase.
    pub fn begin(&mut self, phase: &'static str) {
        self.phase = phase;
        self.counts.clear();
        self.note = None;
        self.before = self.findings.len();
    }

    /// One more of these.
    pub fn count(&mut self, what: &'static str) {
        match self.counts.iter_mut().find(|(known, _)| *known == what) {
            Some((_, count)) => *count += 1,
            None => self.counts.push((what, 1)),
        }
    }

    /// What is printed with the counts.
    pub fn note(&mut self, note: String) {
        self.note = Some(note);
    }

    /// Something that must not be.
    pub fn find(&mut self, what: &str, why: &str) {
        self.findings.push(format!("{}: {what}\n{why}", self.phase));
    }

    /// The phase in one line.
    pub fn line(&self) -> String {
        let counts: Vec<String> =
            self.counts.iter().map(|(what, count)| format!("{count} {what}")).collect();
        let found = self.findings.len() - self.before;
        let note = self.note.as_ref().map(|note| format!(" ({note})")).unwrap_or_default();
        format!("{}: {}{note}; {found} findings", self.phase, counts.join(", "))
    }
}
