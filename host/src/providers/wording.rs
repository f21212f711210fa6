//! What a provider would be allowed, in words of the person who allows it.
//!
//! The import section says what, down to the function; the manifest may say why.
//! Guests whose tools do not leave unused imports out get the words for the
//! whole interface.

use super::describe::Description;
use crate::output::sanitize;
use crate::sandbox::Capability;

impl Description {
    /// One line for each thing it could do; questions to the user are not worth
    /// one.
    #[must_use]
    pub fn wishes(&self) -> Vec<String> {
        self.imports
            .iter()
            .filter(|(capability, _)| **capability != Capability::Prompt)
            .flat_map(|(capability, functions)| self.words(*capability, functions))
            .collect()
    }

    /// The lines for one capability.
    #[must_use]
    pub fn wishes_of(&self, capability: Capability) -> Vec<String> {
        self.imports
            .get(&capability)
            .map(|functions| self.words(capability, functions))
            .unwrap_or_default()
    }

    fn words(&self, capability: Capability, functions: &[String]) -> Vec<String> {
        let mut lines: Vec<String> = match capability {
            Capability::Containers => containers(functions).into_iter().map(Into::into).collect(),
            Capability::Http | Capability::Prompt | Capability::Repository => {
                vec![capability.in_plain_words().into()]
            }
        };
        let wish = self.manifest.wants.iter().find(|wish| wish.capability == capability.as_str());
        if let (Some(wish), Some(first)) = (wish, lines.first_mut()) {
            first.push_str(&format!(" (it says: {})", sanitize(&wish.reason)));
        }
        lines
    }
}

fn containers(functions: &[String]) -> Vec<&'static str> {
    let any = |names: &[&str]| functions.iter().any(|function| names.contains(&function.as_str()));
    let mut lines = Vec::new();
    match (any(&["start"]), any(&["stop"])) {
        (true, true) => lines.push(Capability::Containers.in_plain_words()),
        (true, false) => lines.push(
            "may start containers, which can read and change this project's files and use the network",
        ),
        (false, true) => lines.push("may stop the containers it started"),
        (false, false) => {}
    }
    if any(&["build-image"]) {
        lines.push("may build images from this project");
    }
    if any(&["pull-image"]) {
        lines.push("may pull images");
    }
    if any(&["logs"]) {
        lines.push("may read what its containers print");
    }
    if lines.is_empty() {
        lines.push("may see its containers and the images of this machine");
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_follow_the_imported_functions() {
        let words = |functions: &[&str]| {
            containers(&functions.iter().map(|it| (*it).to_owned()).collect::<Vec<_>>())
        };
        assert_eq!(
            words(&["list-containers"]),
            ["may see its containers and the images of this machine"]
        );
        assert_eq!(
            words(&["stop", "logs"]),
            ["may stop the containers it started", "may read what its containers print"]
        );
        assert!(words(&["start"])[0].starts_with("may start containers, which can read"));
    }
}
