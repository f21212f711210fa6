//! What a container will run: entrypoint and command of spec and image joined
//! as the engine joins them, and what can be told from that.

use crate::{ContainerSpec, ImageConfig};

/// Programs that only start another one.
const WRAPPERS: [&str; 4] = ["tini", "dumb-init", "docker-init", "catatonit"];
/// Programs that have to be process 1, beside the wrappers: s6, systemd, runit.
const INITS: [&str; 6] = ["init", "systemd", "s6-svscan", "s6-overlay", "my_init", "runit-init"];
/// The scripts of Jupyter's docker-stacks images that change the user.
const STACK_SCRIPTS: [&str; 3] = ["start.sh", "start-notebook", "start-singleuser"];
const ALLOW_ROOT: &str = "--allow-root";

/// The effective entrypoint and command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CommandLine {
    pub(crate) entrypoint: Vec<String>,
    pub(crate) command: Vec<String>,
}

impl CommandLine {
    /// As the engine does it: an entrypoint of the spec drops the image's
    /// command, a command of the spec keeps the image's entrypoint.
    pub(crate) fn effective(spec: &ContainerSpec, image: &ImageConfig) -> Self {
        let image_command =
            if spec.entrypoint.is_some() { Vec::new() } else { image.command.clone() };
        Self {
            entrypoint: spec.entrypoint.clone().unwrap_or_else(|| image.entrypoint.clone()),
            command: spec.command.clone().unwrap_or(image_command),
        }
    }

    /// Whether a docker-stacks script runs, which understands `NB_UID`.
    pub(crate) fn is_docker_stack(&self) -> bool {
        self.words().any(|word| is_stack_script(word))
    }

    /// Whether an image of root has a program that gives that up for whom its variables
    /// name: s6 (rocker, linuxserver), docker-stacks.
    pub(crate) fn becomes_user_itself(&self) -> bool {
        self.is_docker_stack() || self.words().next().is_some_and(|first| first == "/init")
    }

    /// Whether what runs first reaps processes itself, or must be the first: then nothing
    /// is put before it.
    pub(crate) fn has_init(&self) -> bool {
        self.words().next().is_some_and(|first| {
            let name = base(first);
            INITS.contains(&name) || WRAPPERS.iter().any(|it| name.starts_with(it))
        })
    }

    /// The same without docker-stacks scripts, which would give up uid 0:
    /// what they start is started directly.
    pub(crate) fn without_stack_scripts(&self) -> Self {
        let mut words = Vec::new();
        for word in self.words() {
            match base(word) {
                "start.sh" => {}
                name if name.starts_with("start-notebook") => {
                    words.extend(["jupyter".to_owned(), "lab".to_owned()]);
                }
                name if name.starts_with("start-singleuser") => {
                    words.push("jupyterhub-singleuser".to_owned());
                }
                _ => words.push(word.clone()),
            }
        }
        let command = words.split_off(words.len().min(1));
        Self { entrypoint: words, command }
    }

    /// The command with `--allow-root`, when this is a Jupyter that would
    /// refuse to run as root; none when nothing has to change.
    pub(crate) fn command_allowing_root(&self) -> Option<Vec<String>> {
        if self.words().any(|word| word.contains(ALLOW_ROOT)) {
            return None;
        }
        let mut words = self.words().map(String::as_str).skip_while(|word| {
            WRAPPERS.contains(&base(word)) || word.starts_with('-') || base(word) == "start.sh"
        });
        let program = words.next()?;
        let mut command = self.command.clone();
        if is_jupyter(program) {
            command.push(ALLOW_ROOT.to_owned());
            return Some(command);
        }
        // The shell form of CMD: `sh -c "jupyter lab …"`, one simple command.
        let script = command.last_mut().filter(|script| {
            ["sh", "bash"].contains(&base(program))
                && words.next() == Some("-c")
                && words.next() == Some(script.as_str())
                && words.next().is_none()
                && !script.contains([';', '&', '|', '<', '>', '#', '\n'])
        })?;
        let first = script.split_whitespace().find(|word| *word != "exec")?;
        if !is_jupyter(first) {
            return None;
        }
        script.push(' ');
        script.push_str(ALLOW_ROOT);
        Some(command)
    }

    fn words(&self) -> impl Iterator<Item = &String> {
        self.entrypoint.iter().chain(&self.command)
    }
}

fn is_stack_script(word: &str) -> bool {
    STACK_SCRIPTS.iter().any(|script| base(word).starts_with(script))
}

fn is_jupyter(program: &str) -> bool {
    base(program).starts_with("jupyter") || base(program).starts_with("start-notebook")
}

/// The last part of a path.
fn base(word: &str) -> &str {
    word.rsplit('/').next().unwrap_or(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        text.split_whitespace().map(str::to_owned).collect()
    }

    fn line(entrypoint: &str, command: &str) -> CommandLine {
        CommandLine { entrypoint: words(entrypoint), command: words(command) }
    }

    #[test]
    fn spec_and_image_are_joined_as_the_engine_does() {
        let image = ImageConfig {
            entrypoint: words("tini --"),
            command: words("jupyter lab"),
            ..ImageConfig::default()
        };
        let spec = ContainerSpec::default();
        assert_eq!(CommandLine::effective(&spec, &image), line("tini --", "jupyter lab"));
        let spec = ContainerSpec { command: Some(words("true")), ..ContainerSpec::default() };
        assert_eq!(CommandLine::effective(&spec, &image), line("tini --", "true"));
        let spec = ContainerSpec { entrypoint: Some(words("sh")), ..ContainerSpec::default() };
        assert_eq!(CommandLine::effective(&spec, &image), line("sh", ""));
    }

    #[test]
    fn jupyter_is_allowed_to_run_as_root_however_it_is_wrapped() {
        let cases = [
            ("", "jupyter lab", Some("jupyter lab --allow-root")),
            ("tini -g --", "/opt/bin/jupyter-lab", Some("/opt/bin/jupyter-lab --allow-root")),
            (
                "/usr/bin/tini -- start.sh",
                "start-notebook.py",
                Some("start-notebook.py --allow-root"),
            ),
            ("jupyter lab", "", Some("--allow-root")),
            ("", "jupyter lab --allow-root", None),
            ("", "rserver --www-port=8787", None),
            ("", "python", None),
            ("", "", None),
        ];
        for (entrypoint, command, expected) in cases {
            assert_eq!(
                line(entrypoint, command).command_allowing_root(),
                expected.map(words),
                "{entrypoint} {command}"
            );
        }
    }

    #[test]
    fn the_shell_form_is_understood_when_it_is_one_command() {
        let shell = |script: &str| CommandLine {
            entrypoint: Vec::new(),
            command: vec!["/bin/sh".into(), "-c".into(), script.into()],
        };
        assert_eq!(
            shell("exec jupyter lab --ip=0.0.0.0").command_allowing_root(),
            Some(vec![
                "/bin/sh".into(),
                "-c".into(),
                "exec jupyter lab --ip=0.0.0.0 --allow-root".into()
            ])
        );
        assert_eq!(shell("jupyter lab && true").command_allowing_root(), None);
    }

    #[test]
    fn docker_stacks_are_known_by_their_scripts_not_by_a_variable() {
        assert!(line("tini -g -- start.sh", "jupyter lab").is_docker_stack());
        assert!(line("tini -g --", "start-notebook.sh").is_docker_stack());
        assert!(!line("tini --", "jupyter lab").is_docker_stack());
    }

    #[test]
    fn an_init_of_the_image_is_known() {
        for first in
            ["tini", "/usr/bin/tini-static", "/init", "/sbin/init", "dumb-init", "catatonit"]
        {
            assert!(line(first, "jupyter lab").has_init(), "{first}");
        }
        assert!(line("", "/init").has_init());
        for first in ["jupyter", "/entrypoint.sh", "initialise"] {
            assert!(!line(first, "").has_init(), "{first}");
        }
        assert!(line("", "/init").becomes_user_itself());
        assert!(!line("", "/sbin/init").becomes_user_itself());
    }

    #[test]
    fn for_root_the_scripts_are_left_out() {
        let plain = line("tini -g -- start.sh", "start-notebook.py --ip=x").without_stack_scripts();
        assert_eq!(plain, line("tini", "-g -- jupyter lab --ip=x"));
        assert_eq!(
            plain.command_allowing_root(),
            Some(words("-g -- jupyter lab --ip=x --allow-root"))
        );
        assert_eq!(line("start.sh", "jupyter lab").without_stack_scripts(), line("jupyter", "lab"));
    }
}
