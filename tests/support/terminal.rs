//! A program in a terminal of its own, for what only happens there.

use std::io::{Read as _, Write as _};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// How long something may take to appear.
const LIMIT: Duration = Duration::from_secs(60);

/// A program that runs in a terminal. It is killed when this is dropped.
pub struct Terminal {
    child: Child,
    keyboard: ChildStdin,
    screen: Arc<Mutex<Vec<u8>>>,
}

impl Terminal {
    /// Runs a command line of `sh` in a terminal that `script` (util-linux) makes.
    ///
    /// # Panics
    ///
    /// When there is no `script`.
    #[must_use]
    pub fn new(command: &mut Command, line: &str) -> Self {
        command.args(["--quiet", "--return", "--flush", "--command", line, "/dev/null"]);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().expect("`script` is installed");
        let keyboard = child.stdin.take().unwrap();
        let mut output = child.stdout.take().unwrap();
        let screen = Arc::<Mutex<Vec<u8>>>::default();
        let seen = Arc::clone(&screen);
        std::thread::spawn(move || {
            let mut piece = [0; 4096];
            while let Ok(length @ 1..) = output.read(&mut piece) {
                seen.lock().unwrap().extend_from_slice(&piece[..length]);
            }
        });
        Self { child, keyboard, screen }
    }

    pub fn keys(&mut self, keys: &str) {
        self.keyboard.write_all(keys.as_bytes()).unwrap();
        self.keyboard.flush().unwrap();
    }

    /// Everything that was shown, with the sequences that draw it.
    #[must_use]
    pub fn seen(&self) -> String {
        String::from_utf8_lossy(&self.screen.lock().unwrap()).into_owned()
    }

    /// Waits until the program has ended: its exit status, and what was shown.
    ///
    /// # Panics
    ///
    /// When it goes on and on.
    #[track_caller]
    pub fn end(&mut self) -> (i32, String) {
        let begin = Instant::now();
        let status = loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                break status;
            }
            assert!(begin.elapsed() < LIMIT, "it does not end: {:?}", self.seen());
            std::thread::sleep(Duration::from_millis(20));
        };
        (status.code().unwrap_or(-1), self.seen())
    }

    /// Waits until `text` was shown, and does `meanwhile` every second.
    #[track_caller]
    pub fn until(&mut self, text: &str, mut meanwhile: impl FnMut(&mut Self)) {
        let begin = Instant::now();
        let mut seconds = 0;
        while !shows(&self.seen(), text) {
            assert!(begin.elapsed() < LIMIT, "no `{text}` in {:?}", self.seen());
            std::thread::sleep(Duration::from_millis(20));
            if begin.elapsed().as_secs() > seconds {
                seconds += 1;
                meanwhile(self);
            }
        }
    }
}

/// Whether `text` is on the screen. A long line goes on in rows of its own: indented, and
/// under the name of the provider that speaks.
fn shows(seen: &str, text: &str) -> bool {
    if seen.contains(text) {
        return true;
    }
    let (speaker, words) = match text.split_once("] ") {
        Some((name, words)) if name.starts_with('[') => (format!("{name}]"), words),
        _ => (String::new(), text),
    };
    let rows = seen.lines().map(|row| row.trim().trim_start_matches(&speaker).trim());
    let joined = rows.collect::<Vec<_>>().join(" ");
    seen.contains(&speaker) && joined.contains(words)
}

impl Drop for Terminal {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
