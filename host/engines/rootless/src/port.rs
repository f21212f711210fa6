//! Where a program listens. In a container of its own it has every port to itself; on
//! the network of this machine it gets one that is free, and loopback alone.
//!
//! A provider names the port that it expects, and the program has it among its words
//! (`--port=8888`). These are changed when it starts. Jupyter takes them as options
//! even if it had none.

use std::collections::BTreeMap;

/// What stands for every address of a machine.
const EVERYWHERE: [&str; 3] = ["0.0.0.0", "*", "[::]"];
const LOOPBACK: &str = "127.0.0.1";
/// Words that only a Jupyter server has.
const JUPYTER: [&str; 3] = ["jupyter", "start-notebook", "start-singleuser"];

/// Whether it is known how the program is told its port.
pub(crate) fn can_move(program: &[String], port: u16) -> bool {
    let text = port.to_string();
    is_jupyter(program) || program.iter().any(|word| moved(word, &text, "0").0)
}

/// Tells a program that it listens at `to` instead of `from`, on loopback.
pub(crate) fn move_to(
    program: &mut Vec<String>,
    environment: &mut BTreeMap<String, String>,
    from: u16,
    to: u16,
) {
    let (from, to) = (from.to_string(), to.to_string());
    let mut has_port = false;
    let mut has_address = false;
    for word in program.iter_mut() {
        let (is_port, is_address, new) = {
            let (is_port, new) = moved(word, &from, &to);
            let (is_address, new) = on_loopback(&new);
            (is_port, is_address, new)
        };
        *word = new;
        has_port |= is_port;
        has_address |= is_address;
    }
    if !is_jupyter(program) {
        return;
    }
    // Images read this where their start script makes the command line.
    environment.insert("JUPYTER_PORT".to_owned(), to.clone());
    environment.insert("JUPYTER_PORT_RETRIES".to_owned(), "0".to_owned());
    // A line for a shell may end in anything.
    if program.iter().any(|word| word == "-c") {
        return;
    }
    if !has_port {
        program.push(format!("--ServerApp.port={to}"));
    }
    if !has_address {
        program.push(format!("--ServerApp.ip={LOOPBACK}"));
    }
}

/// Tells a Jupyter that its user, who is called root in the box, is meant.
pub(crate) fn allow_root(program: &mut Vec<String>) {
    if is_jupyter(program) && !program.iter().any(|word| word == "-c") {
        program.push("--ServerApp.allow_root=True".to_owned());
    }
}

fn is_jupyter(program: &[String]) -> bool {
    program.iter().any(|word| JUPYTER.iter().any(|name| word.contains(name)))
}

/// A word, or a line for a shell, with another port in it; whether there was one.
fn moved(word: &str, from: &str, to: &str) -> (bool, String) {
    each(word, |part| {
        let before = part.strip_suffix(from)?;
        (before.is_empty() || before.ends_with(['=', ':'])).then(|| format!("{before}{to}"))
    })
}

fn on_loopback(word: &str) -> (bool, String) {
    each(word, |part| {
        EVERYWHERE.iter().find_map(|address| {
            let (before, after) = part.split_once(address)?;
            let begins = before.is_empty() || before.ends_with(['=', '/']);
            let ends = after.is_empty() || after.starts_with(':');
            (begins && ends).then(|| format!("{before}{LOOPBACK}{after}"))
        })
    })
}

/// Changes the parts of a line that `change` knows; quotes around them stay.
fn each(line: &str, change: impl Fn(&str) -> Option<String>) -> (bool, String) {
    let mut changed = false;
    let parts: Vec<String> = line
        .split(' ')
        .map(|part| {
            let inner = part.trim_end_matches(['\'', '"']);
            let quotes = part.get(inner.len()..).unwrap_or_default();
            match change(inner) {
                Some(new) => {
                    changed = true;
                    format!("{new}{quotes}")
                }
                None => part.to_owned(),
            }
        })
        .collect();
    (changed, parts.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn started(words: &[&str]) -> (String, Option<String>) {
        let mut program: Vec<String> = words.iter().map(|it| (*it).to_owned()).collect();
        let mut environment = BTreeMap::new();
        move_to(&mut program, &mut environment, 8888, 40001);
        (program.join("|"), environment.remove("JUPYTER_PORT"))
    }

    #[test]
    fn jupyter_listens_at_its_port_on_loopback_whatever_its_words_are() {
        let environment = Some("40001".to_owned());
        assert_eq!(
            started(&["jupyter", "lab", "--ip=0.0.0.0", "--no-browser", "--port=8888"]),
            ("jupyter|lab|--ip=127.0.0.1|--no-browser|--port=40001".into(), environment.clone())
        );
        assert_eq!(
            started(&["tini", "-g", "--", "start-notebook.py"]),
            (
                "tini|-g|--|start-notebook.py|--ServerApp.port=40001|--ServerApp.ip=127.0.0.1"
                    .into(),
                environment.clone()
            )
        );
        assert_eq!(
            started(&["/bin/sh", "-c", "exec jupyter lab --ip='0.0.0.0' --port 8888"]),
            ("/bin/sh|-c|exec jupyter lab --ip='0.0.0.0' --port 40001".into(), environment)
        );
    }

    #[test]
    fn other_programs_are_moved_where_their_words_have_the_port() {
        assert_eq!(started(&["code", "--bind", "0.0.0.0:8888"]).0, "code|--bind|127.0.0.1:40001");
        assert_eq!(started(&["httpd", "-p", "8888"]), ("httpd|-p|40001".into(), None));
        assert_eq!(started(&["httpd", "-n", "18888"]).0, "httpd|-n|18888");
        let words = |line: &str| line.split(' ').map(str::to_owned).collect::<Vec<_>>();
        assert!(can_move(&words("httpd -p 8888"), 8888));
        assert!(can_move(&words("start-notebook.py"), 8888));
        assert!(!can_move(&words("httpd -f"), 8888));
    }
}
