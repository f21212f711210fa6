//! Everything that is not the product: builds the components.

mod components;

use std::io::Write as _;
use std::path::Path;

fn main() -> anyhow::Result<()> {
    let root = std::env::args().nth(1).unwrap_or_else(|| ".".to_owned());
    let mut out = std::io::stdout();
    for built in components::build(Path::new(&root))? {
        writeln!(out, "{} {:>7} B  {}", built.digest, built.size, built.path.display())?;
    }
    Ok(())
}
