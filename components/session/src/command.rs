//! Which program a session runs.
//!
//! Configured > the image's own > Jupyter. An image whose own program is only an
//! interpreter or a shell (`FROM python`) has nothing that could be opened in a
//! browser, so Jupyter is started in it.

/// Programs that wait for a terminal when they get no argument.
const INTERPRETERS: [&str; 12] =
    ["python", "ipython", "bash", "sh", "dash", "ash", "zsh", "fish", "R", "julia", "node", "irb"];

/// Programs that only start another one.
const INIT_PROGRAMS: [&str; 3] = ["tini", "dumb-init", "catatonit"];

/// Shells, which run a line after `-c`.
const SHELLS: [&str; 6] = ["bash", "sh", "dash", "ash", "zsh", "fish"];

/// Arguments with which a shell or an interpreter still waits for a terminal.
const OF_TERMINALS: [&str; 5] = ["-l", "--login", "-i", "-il", "-li"];

/// What replaces the image's ENTRYPOINT and CMD; none keeps it.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Program {
    /// Replaces ENTRYPOINT.
    pub(crate) entrypoint: Option<Vec<String>>,
    /// Replaces CMD.
    pub(crate) command: Option<Vec<String>>,
}

impl Program {
    /// What runs in the end, of an image with this ENTRYPOINT and CMD.
    pub(crate) fn words<'a>(
        &'a self,
        entrypoint: &'a [String],
        command: &'a [String],
    ) -> impl Iterator<Item = &'a String> {
        let entrypoint = self.entrypoint.as_deref().unwrap_or(entrypoint);
        entrypoint.iter().chain(self.command.as_deref().unwrap_or(command))
    }

    /// Whether what runs in the end is a Jupyter server, as far as its words
    /// tell: then it opens at `/lab`, anything else at `/`.
    pub(crate) fn is_jupyter(&self, entrypoint: &[String], command: &[String]) -> bool {
        self.words(entrypoint, command).any(|word| {
            ["jupyter", "start-notebook", "start-singleuser"].iter().any(|name| word.contains(name))
        })
    }
}

/// The program for an image with this ENTRYPOINT and CMD. `base_url` is for a
/// Jupyter that is started because the image starts nothing.
pub(crate) fn choose(
    configured: Option<Vec<String>>,
    entrypoint: &[String],
    command: &[String],
    port: u16,
    base_url: Option<&str>,
) -> Program {
    if configured.is_some() {
        return Program { entrypoint: None, command: configured };
    }
    if is_bare(entrypoint) && (command.is_empty() || is_bare(command)) {
        // `python3 jupyter lab` would not do: the interpreter goes away.
        let mut jupyter = jupyter(port, base_url).into_iter();
        let entrypoint = jupyter.next().into_iter().collect();
        return Program { entrypoint: Some(entrypoint), command: Some(jupyter.collect()) };
    }
    if takes_a_line(entrypoint) && (command.is_empty() || is_bare(command)) {
        // One word: the shell takes the next ones for its own parameters.
        let line = format!("exec {}", jupyter(port, base_url).join(" "));
        return Program { entrypoint: None, command: Some(vec![line]) };
    }
    let has_own = if command.is_empty() {
        !entrypoint.is_empty() && !is_init(entrypoint)
    } else {
        !is_bare(command)
    };
    if has_own {
        Program::default()
    } else {
        Program { entrypoint: None, command: Some(jupyter(port, base_url)) }
    }
}

/// The token is not among the arguments: everybody on the machine can read them.
fn jupyter(port: u16, base_url: Option<&str>) -> Vec<String> {
    ["jupyter", "lab", "--ip=0.0.0.0", "--no-browser"]
        .into_iter()
        .map(str::to_owned)
        .chain([format!("--port={port}")])
        .chain(base_url.map(|path| format!("--ServerApp.base_url={path}/")))
        .collect()
}

/// Whether this is an interpreter or a shell without anything to do, or a program that
/// only keeps a container alive. `CMD bash` is stored as `/bin/sh -c bash`.
fn is_bare(arguments: &[String]) -> bool {
    match arguments {
        [shell, flag, line] if is_shell(shell) && is_line_flag(flag) => {
            let words: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
            let words = words.strip_prefix(&["exec".to_owned()]).unwrap_or(&words);
            is_bare(words)
        }
        [program, rest @ ..] if INTERPRETERS.contains(&program_name(program)) => {
            rest.iter().all(|it| OF_TERMINALS.contains(&it.as_str()))
        }
        arguments => only_waits(arguments),
    }
}

/// `sleep infinity`, `tail -f /dev/null`, `cat`: no server, and never the end.
fn only_waits(arguments: &[String]) -> bool {
    let Some((program, rest)) = arguments.split_first() else { return false };
    match program_name(program) {
        "sleep" => {
            rest.iter().all(|it| it == "infinity" || it.starts_with(|c: char| c.is_ascii_digit()))
        }
        "tail" => rest.iter().any(|it| it == "/dev/null"),
        "cat" | "pause" | "true" => rest.is_empty(),
        _ => false,
    }
}

/// Whether a shell waits for the line that it is to run: `bash -lc`.
fn takes_a_line(entrypoint: &[String]) -> bool {
    match entrypoint {
        [shell, flags @ .., last] => {
            is_shell(shell)
                && is_line_flag(last)
                && flags.iter().all(|flag| OF_TERMINALS.contains(&flag.as_str()))
        }
        _ => false,
    }
}

fn is_shell(program: &str) -> bool {
    SHELLS.contains(&program_name(program))
}

/// `-c`, and with others `-lc`.
fn is_line_flag(flag: &str) -> bool {
    flag.strip_prefix('-').is_some_and(|flags| {
        flags.ends_with('c') && flags.bytes().all(|it| it.is_ascii_lowercase())
    })
}

/// Whether this is an init program that still needs to be told what to start.
fn is_init(entrypoint: &[String]) -> bool {
    entrypoint.split_first().is_some_and(|(program, flags)| {
        INIT_PROGRAMS.contains(&program_name(program))
            && flags.iter().all(|flag| flag.starts_with('-'))
    })
}

/// `/usr/bin/python3.12` is `python`.
fn program_name(path: &str) -> &str {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.trim_end_matches(|character: char| character.is_ascii_digit() || character == '.')
}

#[cfg(test)]
mod tests {
    use super::*;

    const JUPYTER: &str = "jupyter lab --ip=0.0.0.0 --no-browser --port=8888";

    fn words(line: &str) -> Vec<String> {
        line.split_whitespace().map(str::to_owned).collect()
    }

    fn chosen(entrypoint: &str, command: &str) -> (Option<String>, Option<String>) {
        let program = choose(None, &words(entrypoint), &words(command), 8888, None);
        (program.entrypoint.map(|words| words.join(" ")), program.command.map(|w| w.join(" ")))
    }

    #[test]
    fn the_configured_command_wins() {
        let program =
            choose(Some(words("rserver -p 1")), &[], &words("start-notebook.py"), 8888, None);
        assert_eq!(program, Program { entrypoint: None, command: Some(words("rserver -p 1")) });
    }

    #[test]
    fn a_server_in_the_image_is_kept() {
        for (entrypoint, command) in [
            ("tini -g --", "start-notebook.py"),
            ("", "python3 app.py"),
            ("/init", ""),
            ("", "/bin/sh -c busybox"),
            ("/usr/bin/entrypoint.sh --bind-addr 0.0.0.0:8080 .", ""),
        ] {
            assert_eq!(chosen(entrypoint, command), (None, None), "{entrypoint} {command}");
        }
    }

    #[test]
    fn an_interpreter_or_shell_without_work_gives_way_to_jupyter() {
        for (entrypoint, command) in [
            ("", "python3"),
            ("", "/usr/local/bin/python3.12"),
            ("", "/bin/bash"),
            ("", "R"),
            ("", "/bin/sh -c bash"),
            ("", "bash --login"),
            ("", "sleep infinity"),
            ("", "/usr/bin/sleep 86400"),
            ("", "tail -f /dev/null"),
            ("", "cat"),
            ("", ""),
            ("/entrypoint.sh", "bash"),
            ("/usr/bin/tini --", ""),
        ] {
            let expected = (None, Some(JUPYTER.to_owned()));
            assert_eq!(chosen(entrypoint, command), expected, "{entrypoint} {command}");
        }
    }

    #[test]
    fn a_shell_that_takes_a_line_gets_one_word() {
        for entrypoint in ["/bin/bash -lc", "sh -c", "bash -l -c"] {
            let program = choose(None, &words(entrypoint), &words("bash"), 8888, None);
            let line = format!("exec {JUPYTER}");
            assert_eq!(program, Program { entrypoint: None, command: Some(vec![line]) });
        }
        let own = vec!["python3 app.py".to_owned()];
        assert_eq!(choose(None, &words("bash -lc"), &own, 8888, None), Program::default());
        let sleeps = ["/bin/sh", "-c", "sleep infinity"].map(str::to_owned);
        assert!(is_bare(&sleeps) && !is_bare(&words("sh -c echo")));
    }

    #[test]
    fn a_jupyter_server_is_told_from_other_programs() {
        for (entrypoint, command, jupyter) in [
            ("tini -g --", "start-notebook.py", true),
            ("", "/bin/sh -c jupyter-lab --ip=0.0.0.0", true),
            ("", "python3", true),
            ("/init", "", false),
            ("", "httpd -f", false),
        ] {
            let (entrypoint, command) = (words(entrypoint), words(command));
            let program = choose(None, &entrypoint, &command, 8888, None);
            assert_eq!(program.is_jupyter(&entrypoint, &command), jupyter, "{command:?}");
        }
    }

    #[test]
    fn a_jupyter_of_ours_lies_where_it_is_configured() {
        let program = choose(None, &[], &words("python3"), 8888, Some("/x"));
        let command = program.command.unwrap().join(" ");
        assert_eq!(command, format!("{JUPYTER} --ServerApp.base_url=/x/"));
    }

    #[test]
    fn an_interpreter_as_entrypoint_is_replaced() {
        let (entrypoint, command) = chosen("/usr/bin/python3", "");
        assert_eq!(entrypoint.unwrap(), "jupyter");
        assert_eq!(command.unwrap(), "lab --ip=0.0.0.0 --no-browser --port=8888");
    }
}
