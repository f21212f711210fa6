//! The small image: a shell and a web server that answers `/` and has no `/api`,
//! so it is what Jupyter is not. From the static busybox of Debian, 2 MB.

use std::path::Path;

use anyhow::Result;

use super::rootfs::Rootfs;
use super::{derived, registry};
use crate::debian;

/// The same program from Docker Hub, for a machine that is not Debian.
const PUBLIC_IMAGE: &str = "busybox:stable";
const COMMAND: &str = r#"CMD ["httpd","-f","-p","8080","-h","/www"]"#;
const PAGE: &str = "<!doctype html><title>A page</title><p>This is a web server.\n";

/// Makes `image`, with `label`; `work` is for files on the way.
///
/// # Errors
///
/// When the package or the engine is not to be had.
pub(super) fn make(image: &str, label: &str, work: &Path) -> Result<()> {
    if !(debian::is_debian() && debian::is_root()) {
        return from_registry(image, label);
    }
    let rootfs = Rootfs::new(work)?;
    rootfs.unpack_packages(&["busybox-static"])?;
    rootfs.link_applets()?;
    rootfs.write("etc/passwd", b"root:x:0:0:root:/root:/bin/sh\n")?;
    rootfs.write("www/index.html", PAGE.as_bytes())?;
    rootfs.import(image, &["ENV PATH=/bin", "EXPOSE 8080", COMMAND, &format!("LABEL {label}")])
}

fn from_registry(image: &str, label: &str) -> Result<()> {
    registry::pull(PUBLIC_IMAGE)?;
    let page = PAGE.trim_end();
    derived::build(
        image,
        &format!(
            "FROM {PUBLIC_IMAGE}\nRUN mkdir /www && echo '{page}' > /www/index.html\nEXPOSE 8080\n{COMMAND}\nLABEL {label}\n"
        ),
    )
}
