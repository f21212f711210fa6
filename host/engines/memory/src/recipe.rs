//! As much of a Dockerfile as says what an image will say about itself. Nothing of it
//! is run: `RUN false` and `RUN exit 3` fail, and every other step succeeds.

use std::collections::BTreeMap;

use crate::image::Image;

/// A step of a Dockerfile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Step {
    /// From 1.
    pub(crate) number: u64,
    /// The instruction in capitals.
    pub(crate) word: String,
    /// The rest of the line, arguments filled in.
    pub(crate) rest: String,
}

/// The steps, lines continued and comments left out. `arguments` replace the values
/// that `ARG` has.
pub(crate) fn steps(dockerfile: &str, arguments: &BTreeMap<String, String>) -> Vec<Step> {
    let joined = dockerfile.replace("\\\n", " ");
    let lines = joined.lines().map(str::trim).filter(|it| !it.is_empty() && !it.starts_with('#'));
    let mut known = BTreeMap::new();
    let mut steps = Vec::new();
    for (line, number) in lines.zip(1..) {
        let (word, rest) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
        let (word, rest) = (word.to_uppercase(), filled(rest.trim(), &known));
        if word == "ARG" {
            let (name, value) = rest.split_once('=').unwrap_or((&rest, ""));
            let value = arguments.get(name).cloned().unwrap_or_else(|| value.to_owned());
            known.insert(name.to_owned(), value);
        }
        steps.push(Step { number, word, rest });
    }
    steps
}

fn filled(text: &str, known: &BTreeMap<String, String>) -> String {
    let mut text = text.to_owned();
    for (name, value) in known {
        text = text.replace(&format!("${{{name}}}"), value);
        text = text.replace(&format!("${name}"), value);
    }
    text
}

impl Step {
    /// The exit status of a step that fails.
    pub(crate) fn failure(&self) -> Option<i32> {
        if self.word != "RUN" {
            return None;
        }
        let last = self.rest.rsplit(['&', ';', '|']).next().unwrap_or_default().trim();
        match last.split_once(' ') {
            None if last == "false" => Some(1),
            Some(("exit", status)) => status.parse().ok().filter(|status| *status != 0),
            _ => None,
        }
    }

    /// What a step that is run prints.
    pub(crate) fn output(&self) -> Option<String> {
        let line = self.rest.split(['&', ';', '|']).next()?.trim();
        line.strip_prefix("echo ").map(|text| text.trim_matches(['"', '\'']).to_owned())
    }

    /// What it changes of the image.
    pub(crate) fn apply(&self, image: &mut Image) {
        match self.word.as_str() {
            "ENTRYPOINT" => {
                image.entrypoint = words(&self.rest);
                image.command.clear();
            }
            "CMD" => image.command = words(&self.rest),
            "WORKDIR" => image.working_directory.clone_from(&self.rest),
            "USER" => image.user.clone_from(&self.rest),
            "EXPOSE" => {
                let port = |word: &str| word.trim_end_matches("/tcp").parse::<u16>().ok();
                image.exposed_ports.extend(self.rest.split_whitespace().filter_map(port));
            }
            "ENV" => image.environment.extend(pairs(&self.rest)),
            "LABEL" => image.labels.extend(pairs(&self.rest)),
            _ => {}
        }
    }
}

/// A JSON array, or a line for the shell.
fn words(text: &str) -> Vec<String> {
    serde_json::from_str(text)
        .unwrap_or_else(|_| ["/bin/sh", "-c", text].into_iter().map(str::to_owned).collect())
}

/// `A=1 B="two words"`, or `A 1`.
fn pairs(text: &str) -> Vec<(String, String)> {
    let split = shlex::split(text).unwrap_or_default();
    if split.iter().all(|word| word.contains('=')) {
        let pair = |word: &String| {
            word.split_once('=').map(|(name, value)| (name.to_owned(), value.to_owned()))
        };
        return split.iter().filter_map(pair).collect();
    }
    let pair = text.split_once(' ').map(|(name, value)| (name.to_owned(), value.to_owned()));
    pair.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_image_says_about_itself_what_its_dockerfile_says() {
        let text = "ARG port=1\nFROM base\n# no step\nENV A=1 B=\"two words\"\nENV C three\n\
                    EXPOSE $port 53/udp\nUSER 1000\nWORKDIR /home/jovyan\nLABEL x=y\n\
                    CMD [\"jupyter\", \"lab\"]\n";
        let mut image = Image::default();
        let arguments = BTreeMap::from([("port".to_owned(), "8888".to_owned())]);
        steps(text, &arguments).iter().for_each(|step| step.apply(&mut image));
        let expected = Image {
            command: vec!["jupyter".into(), "lab".into()],
            exposed_ports: [8888].into(),
            user: "1000".into(),
            working_directory: "/home/jovyan".into(),
            environment: [("A", "1"), ("B", "two words"), ("C", "three")]
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .into(),
            labels: [("x".to_owned(), "y".to_owned())].into(),
            ..Image::default()
        };
        assert_eq!(image, expected);
    }

    #[test]
    fn a_step_fails_when_its_last_command_does() {
        let failure = |line: &str| steps(line, &BTreeMap::new()).first().and_then(Step::failure);
        assert_eq!(failure("RUN echo a && exit 3"), Some(3));
        assert_eq!(failure("RUN false"), Some(1));
        assert_eq!(failure("RUN echo a"), None);
        assert_eq!(failure("RUN exit 0"), None);
        assert_eq!(failure("CMD false"), None);
    }
}
