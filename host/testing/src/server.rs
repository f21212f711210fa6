//! A web server that says what a test wants and keeps what it was asked.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// A request as it came.
#[derive(Debug, Clone)]
pub struct Seen {
    /// `GET /a?b HTTP/1.1`
    pub line: String,
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Seen {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// The answer to one connection: bytes, and how long to wait before each.
pub type Said = Vec<(Duration, Vec<u8>)>;

/// Decides about the answer: the server's URL, the request, how many came before.
type Answers = dyn Fn(&str, &Seen, usize) -> Said + Send + Sync;

/// A server on loopback.
pub struct Server {
    pub url: String,
    seen: Arc<Mutex<Vec<Seen>>>,
}

impl Server {
    /// Says one text after the other, the last one for ever.
    pub fn saying(answers: impl IntoIterator<Item = String>) -> Self {
        let now = |text: String| vec![(Duration::ZERO, text.into_bytes())];
        Self::speaking(answers.into_iter().map(now).collect())
    }

    /// The same with pauses.
    pub fn speaking(answers: Vec<Said>) -> Self {
        Self::start(Box::new(move |_, _, count| answers[count.min(answers.len() - 1)].clone()))
    }

    /// Looks at the request first.
    pub fn answering(
        answer: impl Fn(&str, &Seen, usize) -> String + Send + Sync + 'static,
    ) -> Self {
        let said = move |url: &str, seen: &Seen, count| {
            vec![(Duration::ZERO, answer(url, seen, count).into_bytes())]
        };
        Self::start(Box::new(said))
    }

    fn start(answers: Box<Answers>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let seen = Arc::new(Mutex::new(Vec::new()));
        let (kept, own) = (Arc::clone(&seen), url.clone());
        let answers: Arc<Answers> = answers.into();
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let Ok(stream) = stream else { return };
                let (kept, own, answers) = (Arc::clone(&kept), own.clone(), Arc::clone(&answers));
                std::thread::spawn(move || serve(stream, &own, answers.as_ref(), &kept));
            }
        });
        Self { url, seen }
    }

    pub fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }
}

fn serve(mut stream: TcpStream, url: &str, answers: &Answers, kept: &Mutex<Vec<Seen>>) {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let mut line = String::new();
    let _ = reader.read_line(&mut line);
    let mut headers = Vec::new();
    loop {
        let mut header = String::new();
        if reader.read_line(&mut header).unwrap_or(0) <= 2 {
            break;
        }
        if let Some((name, value)) = header.trim_end().split_once(':') {
            headers.push((name.to_lowercase(), value.trim().to_owned()));
        }
    }
    let length = headers.iter().find(|(name, _)| name == "content-length");
    let length = length.and_then(|(_, value)| value.parse().ok()).unwrap_or(0);
    let mut body = vec![0; length];
    let _ = reader.read_exact(&mut body);
    let request = Seen { line: line.trim_end().to_owned(), headers, body };
    let count = {
        let mut kept = kept.lock().unwrap();
        kept.push(request.clone());
        kept.len() - 1
    };
    let said = answers(url, &request, count);
    for (wait, bytes) in said {
        std::thread::sleep(wait);
        if stream.write_all(&bytes).is_err() {
            return;
        }
    }
}

/// A whole answer.
pub fn answer(status: &str, headers: &[(&str, &str)], body: &str) -> String {
    let headers: String =
        headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
    format!(
        "HTTP/1.1 {status}\r\nconnection: close\r\ncontent-length: {}\r\n{headers}\r\n{body}",
        body.len()
    )
}
