//! Where this user's files are (XDG Base Directory Specification 0.8), each
//! with a variable of our own that beats it.

use std::path::{Path, PathBuf};

/// `$RENKU_CACHE_DIR`, else `$XDG_CACHE_HOME/renku`, else `~/.cache/renku`: what
/// may be deleted at any time. None without a home.
#[must_use]
pub fn cache() -> Option<PathBuf> {
    directory("RENKU_CACHE_DIR", "XDG_CACHE_HOME", ".cache")
}

/// `$RENKU_CONFIG_DIR`, else `$XDG_CONFIG_HOME/renku`, else `~/.config/renku`:
/// what the user decided.
#[must_use]
pub fn configuration() -> Option<PathBuf> {
    directory("RENKU_CONFIG_DIR", "XDG_CONFIG_HOME", ".config")
}

/// `$RENKU_DATA_DIR`, else `$XDG_DATA_HOME/renku`, else `~/.local/share/renku`:
/// what the user installed.
#[must_use]
pub fn data() -> Option<PathBuf> {
    directory("RENKU_DATA_DIR", "XDG_DATA_HOME", ".local/share")
}

/// A relative path in one of these variables is ignored, as the specification
/// wants it.
fn directory(own: &str, xdg: &str, fallback: &str) -> Option<PathBuf> {
    let absolute =
        |name: &str| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    absolute(own).or_else(|| absolute(xdg).map(|folder| folder.join("renku"))).or_else(|| {
        let home = etcetera::home_dir().ok()?;
        Some(home.join(Path::new(fallback)).join("renku"))
    })
}
