//! `cargo xtask demo`: from a fresh machine to a JupyterLab that is open to its
//! user, with one session of a small project.

use std::io::Write as _;
use std::path::Path;
use std::time::Instant;

use anyhow::{Context as _, Result, bail};
use xtask_common::{in_target, log, shell};

use crate::build_command::{self, Profile};
use crate::program::{Program, Session};
use crate::setup::{self, Purpose};
use crate::{engine, http, sample};

/// Where the project of the demo is, in the target directory. Every demo makes it anew.
const PROJECT: &str = "demo/sample-project";

/// Only a page of JupyterLab has this: the id of the element with its settings.
const PROOF: &str = "jupyter-config-data";

/// Sets up what is missing, starts a session, sees that it really answers, and says how
/// to go on. The session goes on running.
///
/// # Errors
///
/// When any of that fails; nothing of the demo runs then.
pub(crate) fn run(root: &Path, yes: bool) -> Result<()> {
    let begin = Instant::now();
    let binary = match prepare(root, yes) {
        Ok(binary) => binary,
        Err(error) => {
            engine::stop_if_started()?;
            return Err(error);
        }
    };
    let project = in_target(PROJECT)?;
    let program = renew(root, &binary, &project)?;
    let mut out = std::io::stdout();
    writeln!(out, "\n$ cd {}\n$ renku session start", project.display())?;
    let session = program.start(&[])?;
    if let Err(error) = check(&session) {
        program.run(&["stop", &session.name])?;
        return Err(error);
    }
    writeln!(out, "Started {} at {}\n\n$ renku session ls", session.name, session.url)?;
    program.run(&["ls"])?;
    write!(out, "{}", farewell(&session, &program, &project, engine::is_ours()?))?;
    shell::say(&format!("The demo took {:.0} s.", begin.elapsed().as_secs_f64()));
    Ok(())
}

/// Sets the machine up, which mostly waits for the network, while the program is
/// compiled; gives the program.
fn prepare(root: &Path, yes: bool) -> Result<std::path::PathBuf> {
    let plan = setup::announce(root, Purpose::Demo, yes)?;
    let quiet = log::quiet(&in_target("xtask/demo.log")?)?;
    let (built, installed) = std::thread::scope(|scope| {
        let installed = scope.spawn(|| setup::install(root, &plan));
        let built = log::step("dependencies", || build_command::tool(root))
            .and_then(|_| log::step("providers", || build_command::components(root)))
            .and_then(|_| log::step("program", || build_command::program(root, Profile::Dev)));
        (built, installed.join().unwrap_or_else(|_| bail!("the set-up was interrupted")))
    });
    drop(quiet);
    installed.and(built)
}

/// A fresh project in `folder`. Sessions of the one before lose their ground, so
/// they are stopped.
fn renew(root: &Path, binary: &Path, folder: &Path) -> Result<Program> {
    let program = Program::new(binary, folder);
    if folder.join(".git").exists() {
        program.run(&["stop", "--all"])?;
    }
    if folder.exists() {
        std::fs::remove_dir_all(folder).with_context(|| folder.display().to_string())?;
    }
    sample::make(root, folder)?;
    Ok(program)
}

/// Wants a page of JupyterLab at the session's URL.
fn check(session: &Session) -> Result<()> {
    let answer = http::get(&session.url)?;
    if answer.status != 200 || !answer.body.contains(PROOF) {
        bail!(
            "{} answers with status {} and a page that is not JupyterLab's",
            session.url,
            answer.status
        );
    }
    Ok(())
}

/// How to open and stop what was started.
fn farewell(session: &Session, program: &Program, project: &Path, engine_is_ours: bool) -> String {
    let Session { name, url, .. } = session;
    let (renku, project) = (program.binary().display(), project.display());
    let mut text = format!(
        "
JupyterLab answers. Open it in a browser:
  {url}

Or go on in its project, which the next demo makes anew:
  cd {project}
  {renku} session open {name}
  {renku} session stop {name}
`cargo xtask install` makes that just `renku`.
"
    );
    if engine_is_ours {
        text.push_str(
            "The container engine was started for this: `cargo xtask engine stop` ends it.\n",
        );
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn session(url: String) -> Session {
        Session { name: "sample-project-k3x9q".into(), url, image: "sample-project:1a2b3c4".into() }
    }

    /// Answers one request.
    fn server(answer: &'static str) -> String {
        use std::io::Read as _;
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let mut buffer = [0; 1024];
            let _ = stream.read(&mut buffer).unwrap();
            stream.write_all(answer.as_bytes()).unwrap();
        });
        format!("http://127.0.0.1:{port}/lab?token=t")
    }

    #[test]
    fn only_a_page_of_jupyterlab_will_do() {
        let page = "HTTP/1.0 200 OK\r\n\r\n<script id=\"jupyter-config-data\">";
        assert!(check(&session(server(page))).is_ok());
        let url = server("HTTP/1.0 200 OK\r\n\r\n<h1>Sign in</h1>");
        assert_eq!(
            check(&session(url.clone())).unwrap_err().to_string(),
            format!("{url} answers with status 200 and a page that is not JupyterLab's")
        );
        let url = server("HTTP/1.0 403 Forbidden\r\n\r\njupyter-config-data");
        assert_eq!(
            check(&session(url.clone())).unwrap_err().to_string(),
            format!("{url} answers with status 403 and a page that is not JupyterLab's")
        );
    }

    #[test]
    fn the_farewell_says_how_to_open_and_stop() {
        let session = session("http://127.0.0.1:4000/lab?token=t".into());
        let program = Program::new(Path::new("/target/debug/renku"), Path::new("/"));
        let farewell = |engine| farewell(&session, &program, Path::new("/target/demo"), engine);
        let text = "
JupyterLab answers. Open it in a browser:
  http://127.0.0.1:4000/lab?token=t

Or go on in its project, which the next demo makes anew:
  cd /target/demo
  /target/debug/renku session open sample-project-k3x9q
  /target/debug/renku session stop sample-project-k3x9q
`cargo xtask install` makes that just `renku`.
";
        assert_eq!(farewell(false), text);
        let more =
            "The container engine was started for this: `cargo xtask engine stop` ends it.\n";
        assert_eq!(farewell(true), format!("{text}{more}"));
    }
}
