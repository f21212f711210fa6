//! Signatures and keys together.

use std::path::Path;

use super::super::new_key;
use super::*;

struct Author {
    folder: tempfile::TempDir,
    public: String,
}

impl Author {
    fn new(password: Option<&str>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let public = new_key(&folder.path().join("my.key"), password.map(str::to_owned)).unwrap();
        Self { folder, public }
    }

    fn key(&self, password: &str) -> Result<SigningKey, SigningError> {
        SigningKey::read(&self.folder.path().join("my.key"), || Ok(password.to_owned()))
    }

    fn sign(&self, bytes: &[u8]) -> String {
        sign(&self.key("").unwrap(), bytes, "mine 1.0.0").unwrap()
    }
}

fn trusting(folder: &Path, author: &Author) -> TrustedKeys {
    let mut trusted = TrustedKeys::read(folder).unwrap();
    trusted.add("acme", &author.public).unwrap();
    TrustedKeys::read(folder).unwrap()
}

#[test]
fn a_signature_of_a_trusted_key_is_found_to_be_theirs() {
    let (author, home) = (Author::new(None), tempfile::tempdir().unwrap());
    let trusted = trusting(home.path(), &author);
    let signature = author.sign(b"bytes");
    let verdict = verify("mine", b"bytes", Some(&signature), &trusted).unwrap();
    assert_eq!(verdict.signer(), Some("acme"));
}

#[test]
fn changed_bytes_and_garbage_are_refused() {
    let (author, home) = (Author::new(None), tempfile::tempdir().unwrap());
    let trusted = trusting(home.path(), &author);
    let signature = author.sign(b"bytes");
    let refused =
        |bytes: &[u8], text: &str| verify("mine", bytes, Some(text), &trusted).unwrap_err();
    assert_eq!(
        refused(b"other", &signature).to_string(),
        "the signature of `mine` is wrong: it was changed after `acme` signed it"
    );
    // The comment is signed as well.
    let comment = signature.replace("mine 1.0.0", "mine 9.0.0");
    assert!(matches!(refused(b"bytes", &comment), SigningError::Mismatch { .. }));
    assert!(matches!(refused(b"bytes", "no signature"), SigningError::Malformed { .. }));
    assert!(matches!(refused(b"bytes", ""), SigningError::Malformed { .. }));
}

#[test]
fn an_unknown_key_proves_nothing() {
    let (author, home) = (Author::new(None), tempfile::tempdir().unwrap());
    let signature = author.sign(b"bytes");
    let nobody = TrustedKeys::read(home.path()).unwrap();
    let verdict = verify("mine", b"bytes", Some(&signature), &nobody).unwrap();
    let Verdict::Untrusted { key_id } = &verdict else { panic!("{verdict:?}") };
    assert_eq!(key_id.len(), 16);
    assert_eq!(verdict.signer(), None);
    assert_eq!(verify("mine", b"bytes", None, &nobody).unwrap(), Verdict::Unsigned);
}

#[test]
fn a_key_with_a_password_needs_it() {
    let author = Author::new(Some("secret"));
    assert!(matches!(author.key("wrong"), Err(SigningError::Password { .. })));
    assert!(author.key("secret").is_ok());
}

#[test]
fn a_key_is_never_overwritten_and_is_the_owners_alone() {
    let author = Author::new(None);
    let path = author.folder.path().join("my.key");
    assert!(matches!(new_key(&path, None), Err(SigningError::KeyExists { .. })));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(path.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    }
}

#[test]
fn keys_are_added_once_and_removed_by_name() {
    let (author, home) = (Author::new(None), tempfile::tempdir().unwrap());
    let mut trusted = trusting(home.path(), &author);
    let public = std::fs::read_to_string(author.folder.path().join("my.pub")).unwrap();
    assert!(matches!(trusted.add("other", &public), Err(SigningError::TrustedAlready { .. })));
    assert!(matches!(trusted.add("b", "RWgarbage"), Err(SigningError::PublicKey { .. })));
    assert!(matches!(trusted.remove("nobody"), Err(SigningError::UnknownKey { .. })));
    trusted.remove("acme").unwrap();
    assert_eq!(TrustedKeys::read(home.path()).unwrap().keys(), []);
}

#[test]
fn a_list_that_cannot_be_read_trusts_nobody_silently() {
    let home = tempfile::tempdir().unwrap();
    std::fs::write(home.path().join("trusted-keys.toml"), "version = 2\n").unwrap();
    assert!(matches!(TrustedKeys::read(home.path()), Err(SigningError::File { .. })));
}

#[test]
fn two_who_change_the_list_at_once_lose_no_key() {
    let (author, other) = (Author::new(None), Author::new(None));
    let home = tempfile::tempdir().unwrap();
    let public =
        |author: &Author| std::fs::read_to_string(author.folder.path().join("my.pub")).unwrap();
    let mut first = TrustedKeys::read(home.path()).unwrap();
    let mut second = TrustedKeys::read(home.path()).unwrap();
    first.add("acme", &public(&author)).unwrap();
    second.add("umbrella", &public(&other)).unwrap();
    let names = |list: &TrustedKeys| -> Vec<String> {
        list.keys().iter().map(|key| key.name.clone()).collect()
    };
    assert_eq!(names(&TrustedKeys::read(home.path()).unwrap()), ["acme", "umbrella"]);
    // Nor is a key trusted twice, or one removed that came meanwhile.
    assert!(matches!(
        first.add("umbrella", &public(&other)),
        Err(SigningError::TrustedAlready { .. })
    ));
    first.remove("umbrella").unwrap();
    assert_eq!(names(&TrustedKeys::read(home.path()).unwrap()), ["acme"]);
}
