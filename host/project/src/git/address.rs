//! Addresses of remotes. One that a repository names can be anything, also a command
//! (`ext::sh -c …`), so a closed list of forms is handed on to git.

use std::path::{Component, Path, PathBuf};

/// What git may use when an address was checked, whatever became of it since.
pub(super) const PROTOCOLS: &str = "file:git:http:https:ssh";

/// Why an address is not used.
pub(super) type Reason = &'static str;

/// An address that may be handed to git.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Address {
    /// On a server.
    Remote(String),
    /// A folder or a bundle of this computer, by a path without links.
    Here(PathBuf),
}

/// Checks the address of a remote of the project at `root`.
///
/// # Errors
///
/// Why not, in a few words.
pub(super) fn check(address: &str, root: &Path) -> Result<Address, Reason> {
    if address.is_empty() || address.starts_with('-') || address.chars().any(char::is_control) {
        return Err("it is not an address");
    }
    if let Some((scheme, rest)) = split_scheme(address) {
        return match scheme {
            "https" | "http" | "git" | "ssh" | "git+ssh" | "ssh+git" => {
                check_host(authority(rest)).map(|()| Address::Remote(address.to_owned()))
            }
            "file" => here(&decoded(rest.strip_prefix("localhost").unwrap_or(rest)), root),
            _ => Err("only https, http, ssh, git and file are used"),
        };
    }
    if helper(address).is_some() {
        return Err("it names a program, and only https, http, ssh, git and file are used");
    }
    match split_host(address) {
        Some((host, _)) => check_host(host).map(|()| Address::Remote(address.to_owned())),
        None => here(address, root),
    }
}

/// An address without what lets somebody in: a user stays where it is the name of an account
/// (`git@`), a password goes, and so does a token in the place of the user of `https`, and
/// whatever stands behind `?` or `#`.
pub(crate) fn without_credentials(address: &str) -> String {
    if let Some((helper, rest)) = helper(address) {
        return format!("{helper}::{}", without_credentials(rest));
    }
    let Some((scheme, rest)) = split_scheme(address) else {
        // `user:TOKEN@host:path`, which git does not take for one.
        let (front, path) = address.split_at(address.find('/').unwrap_or(address.len()));
        return match front.rsplit_once('@') {
            Some((user, host)) => format!("{}@{host}{path}", account(user)),
            None => address.to_owned(),
        };
    };
    let (user, rest) = match authority(rest).rsplit_once('@') {
        Some((user, _)) => (Some(user), rest.get(user.len() + 1..).unwrap_or_default()),
        None => (None, rest),
    };
    let place = rest.split(['?', '#']).next().unwrap_or_default();
    match user.filter(|_| scheme.contains("ssh")) {
        Some(user) => format!("{scheme}://{}@{place}", account(user)),
        None => format!("{scheme}://{place}"),
    }
}

/// A user without a password.
fn account(user: &str) -> &str {
    user.split(':').next().unwrap_or_default()
}

/// `scheme://rest`
fn split_scheme(address: &str) -> Option<(&str, &str)> {
    let (scheme, rest) = address.split_once("://")?;
    let is_plain = |character: char| character.is_ascii_alphanumeric() || "+-.".contains(character);
    scheme.chars().all(is_plain).then_some((scheme, rest))
}

/// `helper::rest` (gitremote-helpers(7)).
fn helper(address: &str) -> Option<(&str, &str)> {
    let (helper, rest) = address.split_once("::")?;
    let is_plain = |character: char| character.is_ascii_alphanumeric() || "+-.".contains(character);
    helper.chars().all(is_plain).then_some((helper, rest))
}

/// `[user@]host` and `path` of `[user@]host:path`; none when it is a path.
fn split_host(address: &str) -> Option<(&str, &str)> {
    let end = match address.find('[') {
        // `[::1]:path`, `user@[::1]:path`
        Some(start) if !address.get(..start)?.contains([':', '/']) => {
            address.find(']').unwrap_or_default()
        }
        _ => 0,
    };
    let colon = end + address.get(end..)?.find(':')?;
    let (host, path) = (address.get(..colon)?, address.get(colon + 1..)?);
    (!host.contains('/')).then_some((host, path))
}

fn authority(rest: &str) -> &str {
    rest.split('/').next().unwrap_or_default()
}

/// What becomes an argument of ssh must not be one of its options, neither as it stands
/// nor once it is decoded.
fn check_host(authority: &str) -> Result<(), Reason> {
    let decoded = decoded(authority);
    let host = decoded.rsplit_once('@').map_or(decoded.as_str(), |(_, host)| host);
    let is_strange = |part: &str| part.is_empty() || part.starts_with('-');
    if is_strange(host) || is_strange(&decoded) || decoded.chars().any(char::is_control) {
        return Err("its host name is not valid");
    }
    Ok(())
}

/// A path of this computer, by its real name, so that no link is followed later. One that
/// leads into the project is refused: what the repository there is set to run, a session
/// can have written.
fn here(path: &str, root: &Path) -> Result<Address, Reason> {
    let path = root.join(path);
    let real = path.ancestors().find_map(|above| {
        let rest = path.strip_prefix(above).ok()?;
        let leads_down = rest.components().all(|part| matches!(part, Component::Normal(_)));
        let above = above.canonicalize().ok().filter(|_| leads_down)?;
        Some(if rest.as_os_str().is_empty() { above } else { above.join(rest) })
    });
    match real {
        None => Err("it leads nowhere"),
        Some(real) if real.starts_with(root) => Err("it is a folder of the project itself"),
        Some(real) => Ok(Address::Here(real)),
    }
}

/// With `%41` as `A`.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('%') {
        bytes.extend_from_slice(before.as_bytes());
        match after.get(..2).and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                rest = after.get(2..).unwrap_or_default();
            }
            None => {
                bytes.push(b'%');
                rest = after;
            }
        }
    }
    bytes.extend_from_slice(rest.as_bytes());
    String::from_utf8_lossy(&bytes).into_owned()
}

impl Address {
    /// As git gets it.
    pub(super) fn text(&self) -> String {
        match self {
            Self::Remote(address) => address.clone(),
            Self::Here(path) => path.display().to_string(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_servers_are_handed_on_as_they_are() {
        for address in [
            "https://a.example/x.git",
            "https://me:secret@a.example/x.git?private_token=y",
            "http://127.0.0.1:8000/x.git",
            "ssh://git@a.example:22/~/x.git",
            "git://a.example/x.git",
            "git@a.example:group/x.git",
            "a.example:x.git",
            "[::1]:x.git",
            "git@[::1]:x.git",
        ] {
            let found = check(address, Path::new("/project"));
            assert_eq!(found, Ok(Address::Remote(address.to_owned())));
        }
    }

    #[test]
    fn what_runs_a_program_or_is_an_option_is_refused() {
        for address in [
            "",
            "-oProxyCommand=x",
            "--upload-pack=x",
            "ext::sh -c touch% x",
            "fd::17",
            "foo::https://a.example/x.git",
            "::x",
            "codecommit::eu-west-1://x",
            "ftp://a.example/x.git",
            "EXT://a",
            "rsync://a.example/x",
            "ssh://-oProxyCommand=touch x/y",
            "ssh://%2doProxyCommand=touch x/y",
            "ssh://me@-oProxyCommand=x/y",
            "-oProxyCommand=x:y",
            "me@-oProxyCommand=x:y",
            "https://a.example/x\n.git",
            "https:///x.git",
            "https://a.example\u{1b}/x",
        ] {
            assert!(check(address, Path::new("/project")).is_err(), "{address:?}");
        }
    }

    #[test]
    fn a_folder_of_this_computer_is_used_when_it_is_not_of_the_project() {
        let place = tempfile::tempdir().unwrap();
        let base = place.path().canonicalize().unwrap();
        let root = base.join("project");
        std::fs::create_dir_all(root.join("evil.git")).unwrap();
        std::fs::create_dir(base.join("remote.git")).unwrap();
        std::os::unix::fs::symlink("../remote.git", root.join("out")).unwrap();
        std::os::unix::fs::symlink(root.join("evil.git"), base.join("in")).unwrap();
        let remote = Ok(Address::Here(base.join("remote.git")));
        let shown = base.display().to_string();
        for address in [
            "../remote.git",
            "out",
            &format!("{shown}/remote.git"),
            &format!("file://{shown}/remote.git"),
        ] {
            assert_eq!(check(address, &root), remote, "{address}");
        }
        assert_eq!(check("/nowhere/x", &root), Ok(Address::Here("/nowhere/x".into())));
        for address in [
            "evil.git",
            "./evil.git",
            ".git/evil",
            "../project/evil.git",
            "../in",
            &format!("{shown}/in"),
            &format!("file://{shown}/project/%65vil.git"),
            ".",
            "not-there-yet",
            "../project/not-there-yet",
        ] {
            assert!(check(address, &root).is_err(), "{address}");
        }
    }

    #[test]
    fn no_credential_is_in_an_address_that_is_shown() {
        for (address, shown) in [
            ("https://me:secret@a.example/x.git", "https://a.example/x.git"),
            ("https://token@a.example/x.git", "https://a.example/x.git"),
            ("https://a@b:c@a.example/x.git", "https://a.example/x.git"),
            ("https://a.example/@x.git", "https://a.example/@x.git"),
            ("https://a.example/x.git?private_token=t0ken", "https://a.example/x.git"),
            ("https://a.example/x.git#t0ken", "https://a.example/x.git"),
            ("https://me:p?w@a.example/x.git", "https://a.example/x.git"),
            ("ssh://git@a.example:22/x.git", "ssh://git@a.example:22/x.git"),
            ("ssh://git:secret@a.example/x.git", "ssh://git@a.example/x.git"),
            ("git+ssh://git:secret@a.example/x.git", "git+ssh://git@a.example/x.git"),
            ("git@a.example:x.git", "git@a.example:x.git"),
            ("user:t0ken@a.example:x.git", "user@a.example:x.git"),
            ("foo::https://me:t0ken@a.example/x.git", "foo::https://a.example/x.git"),
            ("/srv/x.git", "/srv/x.git"),
            ("/srv/a:b@c/x.git", "/srv/a:b@c/x.git"),
        ] {
            assert_eq!(without_credentials(address), shown);
        }
    }
}
