//! `renku` as a process.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::context::Context;
use crate::outcome::Run;
use crate::target::in_target;
use crate::terminal::Terminal;

/// No command of a test takes longer; a hanging one fails the test.
const LIMIT: Duration = Duration::from_secs(180);

/// A command line that was not run yet.
pub struct Renku<'a> {
    context: &'a Context,
    command: Command,
}

impl<'a> Renku<'a> {
    pub(crate) fn new(context: &'a Context, folder: &Path, arguments: &[&str]) -> Self {
        let mut command = Command::new(context.program());
        command.current_dir(folder).args(arguments).env_clear();
        // What a login shell has, and a home of the test's own.
        for name in ["PATH", "TMPDIR"] {
            if let Some(value) = std::env::var_os(name) {
                command.env(name, value);
            }
        }
        command
            .envs(context.engine.environment())
            .env("HOME", context.home())
            .env("LANG", "C.UTF-8")
            .env("TZ", "UTC")
            .env("RENKU_CACHE_DIR", cache())
            .env("GIT_CONFIG_COUNT", "1")
            .env("GIT_CONFIG_KEY_0", "safe.directory")
            .env("GIT_CONFIG_VALUE_0", "*")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        Self { context, command }
    }

    /// A line of `sh`, as a user types it: `renku` is in the path, and so is the
    /// cargo of whoever runs the tests.
    pub(crate) fn shell(context: &'a Context, folder: &Path, line: &str) -> Self {
        let mut renku = Self::new(context, folder, &[]);
        let mut shell = renku.by_way_of("sh");
        shell.args(["-c", line]);
        let programs = context.folder().join("bin");
        if !programs.exists() {
            std::fs::create_dir(&programs).unwrap();
            std::os::unix::fs::symlink(context.program(), programs.join("renku")).unwrap();
        }
        let path = std::env::var("PATH").unwrap();
        shell.env("PATH", format!("{}:{path}", programs.display()));
        let home = std::env::home_dir().unwrap();
        for (name, usual) in [("CARGO_HOME", ".cargo"), ("RUSTUP_HOME", ".rustup")] {
            shell.env(name, std::env::var_os(name).unwrap_or_else(|| home.join(usual).into()));
        }
        renku.command = shell;
        renku
    }

    /// A program that runs this command, or something else in its place: with the
    /// same environment and folder, and what it prints is read.
    fn by_way_of(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let mut command = Command::new(program);
        command.env_clear();
        for (name, value) in self.command.get_envs() {
            if let Some(value) = value {
                command.env(name, value);
            }
        }
        if let Some(folder) = self.command.get_current_dir() {
            command.current_dir(folder);
        }
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    /// Ctrl-C ends it also when the tests run in the background of a script, where
    /// programs ignore it until they ask for it; a closed terminal also
    /// when they run under `nohup`.
    #[must_use]
    pub fn interruptible(mut self) -> Self {
        let mut command = self.by_way_of("env");
        command.arg("--default-signal=INT,HUP").arg(self.command.get_program());
        command.args(self.command.get_args());
        self.command = command;
        self
    }

    /// Sets an environment variable.
    #[must_use]
    pub fn env(mut self, name: &str, value: impl AsRef<std::ffi::OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    /// As another user of this machine (root only), with a home, a cache and a
    /// copy of the program that they can read.
    #[must_use]
    pub fn as_login_of(self, uid: u32, gid: u32) -> Self {
        let home = self.context.home();
        let program = self.context.folder().join("renku");
        if !program.exists() {
            std::fs::copy(self.context.program(), &program).unwrap();
        }
        let status = Command::new("chown").arg(format!("{uid}:{gid}")).arg(&home).status().unwrap();
        assert!(status.success());
        let mut command = self.by_way_of("setpriv");
        command.args(["--reuid", &uid.to_string(), "--regid", &gid.to_string(), "--clear-groups"]);
        command
            .arg(program)
            .args(self.command.get_args())
            .env("RENKU_CACHE_DIR", home.join("cache"))
            .env("XDG_RUNTIME_DIR", format!("/run/user/{uid}"));
        Self { context: self.context, command }
    }

    /// In a control group (cgroup v2; root only).
    #[must_use]
    pub fn in_group(self, group: &Path) -> Self {
        let script = "echo $$ > \"$0/cgroup.procs\"; exec \"$@\"";
        self.after(&["sh", "-c", script, &group.to_string_lossy()])
    }

    /// Where no container engine has its socket (root only): nothing is mounted for
    /// anybody else.
    #[must_use]
    pub fn hiding_sockets(self) -> Self {
        let script = "for it in /var/run/docker.sock /run/podman/podman.sock; do \
                      [ ! -S $it ] || mount --bind /dev/null $it; done; exec \"$@\"";
        self.after(&["unshare", "--mount", "--propagation", "private", "sh", "-c", script, "sh"])
    }

    /// By way of other programs, which start it in the end.
    fn after(mut self, words: &[&str]) -> Self {
        let mut command = self.by_way_of(words[0]);
        command.args(&words[1..]).arg(self.command.get_program()).args(self.command.get_args());
        self.command = command;
        self
    }

    #[must_use]
    pub fn without_env(mut self, name: &str) -> Self {
        self.command.env_remove(name);
        self
    }

    /// Runs it to its end on a terminal of 100 columns, where somebody types.
    /// Everything it prints is in the standard output.
    ///
    /// # Panics
    ///
    /// When there is no `script` (util-linux), which makes the terminal.
    #[must_use]
    #[track_caller]
    pub fn on_a_terminal(self, typed: &str) -> Run {
        let (mut terminal, line) = self.in_a_terminal();
        terminal.args(["-qec", &format!("stty cols 100; exec {line}"), "/dev/null"]);
        terminal.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut running = Self { context: self.context, command: terminal }.spawn();
        let mut keyboard = running.child.stdin.take().unwrap();
        std::io::Write::write_all(&mut keyboard, typed.as_bytes()).unwrap();
        // Closed, it would be the end of what is typed.
        let run = running.wait();
        drop(keyboard);
        run
    }

    /// Starts it on such a terminal, for what is typed and shown on the way.
    #[must_use]
    #[track_caller]
    pub fn interactive(self) -> Terminal {
        let (mut script, line) = self.in_a_terminal();
        Terminal::new(&mut script, &format!("stty cols 100; exec {line}"))
    }

    /// Types it into a shell on a terminal, which says `back` with its exit status
    /// when it is its turn again.
    #[must_use]
    #[track_caller]
    pub fn in_a_shell(self) -> Terminal {
        let (mut script, line) = self.in_a_terminal();
        Terminal::new(&mut script, &format!("trap : INT; {line}; echo back $?"))
    }

    /// `script`, which makes a terminal, and the line of shell that runs this in it.
    fn in_a_terminal(&self) -> (Command, String) {
        let quoted =
            |word: &std::ffi::OsStr| format!("'{}'", word.to_str().unwrap().replace('\'', r"'\''"));
        let words: Vec<String> = std::iter::once(self.command.get_program())
            .chain(self.command.get_args())
            .map(quoted)
            .collect();
        let mut script = Command::new("script");
        script.env_clear().env("TERM", "xterm");
        for (name, value) in self.command.get_envs() {
            if let Some(value) = value {
                script.env(name, value);
            }
        }
        script.current_dir(self.command.get_current_dir().unwrap());
        (script, words.join(" "))
    }

    /// Runs it as another user of this machine (root only), with a copy of the
    /// program that this user can reach.
    #[must_use]
    pub fn as_user(mut self, uid: u32) -> Self {
        use std::os::unix::process::CommandExt as _;
        let copy = self.context.folder().join("renku");
        std::fs::copy(self.context.program(), &copy).unwrap();
        let mut command = self.by_way_of(copy);
        command.args(self.command.get_args()).uid(uid).gid(uid);
        self.command = command;
        self
    }

    #[must_use]
    pub fn args(mut self, arguments: &[&str]) -> Self {
        self.command.args(arguments);
        self
    }

    /// Gives it this on standard input, through a pipe.
    #[must_use]
    pub fn input(mut self, text: &str) -> Self {
        let (reader, mut writer) = std::io::pipe().unwrap();
        // Small enough for the pipe's own memory.
        std::io::Write::write_all(&mut writer, text.as_bytes()).unwrap();
        self.command.stdin(reader);
        self
    }

    /// Starts it and does not wait.
    #[must_use]
    #[track_caller]
    pub fn spawn(mut self) -> Running {
        let child = self.command.spawn().expect("`cargo xtask build` made the binary");
        Running { child, home: self.context.folder().into(), line: format!("{:?}", self.command) }
    }

    /// Runs it to its end and says how much CPU time it took with all its
    /// processes, as bash measures it (bash(1), `TIMEFORMAT`).
    ///
    /// # Panics
    ///
    /// When bash does not say.
    #[must_use]
    #[track_caller]
    pub fn run_timed(mut self) -> (Run, Duration) {
        let mut bash = self.by_way_of("bash");
        bash.args(["-c", "TIMEFORMAT='%3U %3S'; time \"$0\" \"$@\""])
            .arg(self.command.get_program())
            .args(self.command.get_args());
        self.command = bash;
        let run = self.run();
        let last = run.stderr.lines().last().unwrap_or_default();
        let seconds = last.split(' ').map(|text| text.parse::<f64>().expect("a number"));
        let time = Duration::from_secs_f64(seconds.sum());
        (run, time)
    }

    /// Runs it to its end.
    #[must_use]
    #[track_caller]
    pub fn run(self) -> Run {
        self.spawn().wait()
    }
}

/// A `renku` that runs. It is killed when the test gives up on it.
pub struct Running {
    child: Child,
    home: PathBuf,
    line: String,
}

impl Running {
    /// Sends a signal by name, such as `INT`.
    pub fn signal(&self, name: &str) {
        let status =
            Command::new("kill").args(["-s", name, &self.child.id().to_string()]).status().unwrap();
        assert!(status.success());
    }

    /// Its standard output while it runs; [`Self::wait`] does not have it then.
    #[must_use]
    pub fn stdout(&mut self) -> Option<std::process::ChildStdout> {
        self.child.stdout.take()
    }

    /// Its standard error up to the line that contains `text`.
    #[must_use]
    #[track_caller]
    pub fn stderr_until(&mut self, text: &str) -> String {
        use std::io::{BufRead as _, BufReader};
        let mut seen = String::new();
        let mut lines = BufReader::new(self.child.stderr.take().unwrap());
        while !seen.contains(text) {
            let count = lines.read_line(&mut seen).unwrap();
            assert!(count > 0, "{} ended without `{text}`: {seen}", self.line);
        }
        seen
    }

    /// Waits for its end.
    #[must_use]
    #[track_caller]
    pub fn wait(self) -> Run {
        let line = self.line.clone();
        match self.wait_within(LIMIT) {
            Ok(run) => run,
            Err(run) => panic!("{line} did not end within {LIMIT:?}: {}", run.stderr),
        }
    }

    /// The same; what did not end within `limit` is killed, and what it did until then
    /// is the error.
    ///
    /// # Errors
    ///
    /// What was killed.
    pub fn wait_within(mut self, limit: Duration) -> Result<Run, Box<Run>> {
        let stdout = self.child.stdout.take().map(read);
        let stderr = self.child.stderr.take().map(read);
        let begin = Instant::now();
        let mut peak_memory = None;
        let mut was_killed = false;
        let status = loop {
            peak_memory = peak_memory_of(self.child.id()).or(peak_memory);
            if let Some(status) = self.child.try_wait().unwrap() {
                break status;
            }
            if begin.elapsed() > limit {
                was_killed = true;
                let _ = self.child.kill();
            }
            std::thread::sleep(Duration::from_millis(5));
        };
        let run = Run {
            status: status.code().unwrap_or(-1),
            stdout: stdout.map(|reader| reader.join().unwrap()).unwrap_or_default(),
            stderr: stderr.map(|reader| reader.join().unwrap()).unwrap_or_default(),
            peak_memory,
            home: self.home.clone(),
            line: self.line.clone(),
        };
        if was_killed { Err(Box::new(run)) } else { Ok(run) }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn read(mut stream: impl std::io::Read + Send + 'static) -> std::thread::JoinHandle<String> {
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        let _ = stream.read_to_end(&mut bytes);
        String::from_utf8_lossy(&bytes).into_owned()
    })
}

/// `VmHWM` (proc(5)); none once the process has ended.
fn peak_memory_of(process: u32) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    Some(line.trim().strip_suffix(" kB")?.parse::<u64>().ok()? * 1024)
}

/// The program as it is shipped.
#[must_use]
pub fn binary() -> PathBuf {
    std::env::var_os("RENKU_BIN").map_or_else(|| in_target("debug/renku"), PathBuf::from)
}

/// One cache for all tests: compiling is not what they test.
fn cache() -> PathBuf {
    in_target("test-cache")
}
