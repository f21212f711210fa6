//! Everything that is not the product: builds the components.

mod components;

use std::io::Write as _;
use std::path::Path;

fn main() -> anyhow::Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new("."));
    let mut out = std::io::stdout();
    for built in components::build(root)? {
        writeln!(out, "{} {:>7} B  {}", built.digest, built.size, built.path.display())?;
    }
    Ok(())
}
