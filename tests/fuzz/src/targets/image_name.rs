//! References of images, and of providers in registries. What is understood stays where it
//! is: nothing of it leaves the path of a request.

use renku_session_registry::ImageReference;
use renku_session_registry::artifacts::OciReference;

use super::text;

pub(super) fn check(bytes: &[u8]) {
    let Some(text) = text(bytes) else { return };
    if let Ok(reference) = ImageReference::parse(text) {
        plain(reference.path());
        // One segment, which begins with a letter or a digit: dots in it lead nowhere.
        assert!(!reference.version.contains('/'), "{}", reference.version);
        host(reference.registry());
    }
    if let Ok(reference) = text.parse::<OciReference>() {
        plain(&reference.repository);
        host(&reference.host);
        // A version is shown as its tag, which is another way to say which one.
        let shown = reference.to_string();
        let again = shown.parse::<OciReference>().expect("what is shown is understood");
        assert_eq!((again.place(), again.to_string()), (reference.place(), shown));
    }
}

fn plain(part: &str) {
    let is_plain = |it: char| it.is_ascii_alphanumeric() || "._-/:+".contains(it);
    assert!(part.chars().all(is_plain) && !part.contains("..") && !part.contains("//"), "{part}");
}

/// A URL that begins with it leads to it.
fn host(host: &str) {
    let Ok(url) = url::Url::parse(&format!("https://{host}/v2/")) else { return };
    assert_eq!(url.path(), "/v2/", "{host}");
    assert!(url.username().is_empty() && url.password().is_none(), "{host}");
}
