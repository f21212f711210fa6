//! A tarball that depends on its files alone: sorted, of one time, of nobody.

use std::fs::{self, File};
use std::io::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, ensure};
use tar::{Builder, EntryType, Header};
use xtask_common::files_below;

/// Writes the files below `folder` as `name/…` to `tarball`, compressed by gzip.
pub(super) fn write(folder: &Path, name: &str, time: u64, tarball: &Path) -> Result<()> {
    let mut builder = Builder::new(Vec::new());
    for file in files_below(folder)? {
        let bytes = fs::read(&file).with_context(|| file.display().to_string())?;
        let runs = file.metadata()?.permissions().mode() & 0o100 != 0;
        let mut header = Header::new_gnu();
        header.set_entry_type(EntryType::Regular);
        header.set_size(u64::try_from(bytes.len())?);
        header.set_mode(if runs { 0o755 } else { 0o644 });
        header.set_mtime(time);
        let path = Path::new(name).join(file.strip_prefix(folder)?);
        builder.append_data(&mut header, path, bytes.as_slice())?;
    }
    compress(&builder.into_inner()?, tarball)
}

/// `-n`: neither name nor time.
fn compress(bytes: &[u8], to: &Path) -> Result<()> {
    let output = File::create(to).with_context(|| to.display().to_string())?;
    let mut gzip = Command::new("gzip");
    gzip.args(["-9", "-n"]).stdin(Stdio::piped()).stdout(output);
    let mut child = gzip.spawn().context("`gzip` cannot be run")?;
    let written = child.stdin.take().map(|mut input| input.write_all(bytes));
    ensure!(child.wait()?.success(), "`gzip` failed");
    Ok(written.transpose().map(drop)?)
}
