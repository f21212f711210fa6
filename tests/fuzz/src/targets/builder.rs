//! What builders send while they build: messages of BuildKit (protobuf), and the text of the
//! classic builder. Whatever is shown of it is one harmless line.

use renku_session_docker::fuzzing::{followed_buildkit, followed_classic};

use super::parts;

pub(super) fn check(bytes: &[u8]) {
    let messages: Vec<&[u8]> = parts(bytes).collect();
    // A message of BuildKit holds zero bytes itself.
    for messages in [&messages[..], &[bytes], &[bytes, bytes]] {
        let (shown, output) = followed_buildkit(messages);
        harmless(&output);
        // Names of steps are cleaned where they are shown.
        drop(shown);
    }
    let pieces: Vec<String> =
        messages.iter().map(|piece| String::from_utf8_lossy(piece).into_owned()).collect();
    let pieces: Vec<&str> = pieces.iter().map(String::as_str).collect();
    let (shown, causes) = followed_classic(&pieces);
    harmless(&shown);
    harmless(&causes);
}

fn harmless(lines: &[String]) {
    for line in lines {
        assert!(!line.chars().any(char::is_control), "{line:?}");
        assert!(line.chars().count() <= 600, "a line of {}", line.len());
    }
}
