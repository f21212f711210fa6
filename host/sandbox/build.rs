//! Reads the contract, for the table of functions in `src/functions` to be compared with.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::{env, fs};

use wit_parser::{Resolve, SourceMap};

/// The contract of the track that the sandbox speaks.
const CONTRACT: &str = "../../wit/v0.1";

/// Writes `contract.rs`: the version of the contract, the interfaces that a provider may
/// import, and all functions.
fn main() -> Result<(), Box<dyn Error>> {
    let folder = Path::new(&env::var("CARGO_MANIFEST_DIR")?).join(CONTRACT).canonicalize()?;
    println!("cargo::rerun-if-changed={}", folder.display());
    let mut sources = SourceMap::new();
    let mut files = fs::read_dir(folder)?.collect::<Result<Vec<_>, _>>()?;
    files.sort_by_key(fs::DirEntry::path);
    for file in files {
        sources.push(&file.path(), fs::read_to_string(file.path())?);
    }
    // Drafts are linked as everything else.
    let mut resolve = Resolve { all_features: true, ..Resolve::default() };
    let group = sources.parse().map_err(|(_, error)| error.to_string())?;
    let package = resolve.push_group(group)?;
    let package = resolve.packages.get(package).ok_or("there is no contract")?;
    let version = package.name.version.as_ref().ok_or("the contract has no version")?;

    let world = package.worlds.get("session-provider").and_then(|id| resolve.worlds.get(*id));
    let imports = world.ok_or("there is no world `session-provider`")?.imports.keys();
    let interfaces: Vec<String> = imports
        .map(|key| resolve.name_world_key(key))
        .filter_map(|name| Some(name.split_once('/')?.1.split_once('@')?.0.to_owned()))
        .collect();

    let mut functions = Vec::new();
    for (interface, id) in &package.interfaces {
        let interface_functions = resolve.interfaces.get(*id).map(|it| it.functions.keys());
        let names = interface_functions.into_iter().flatten();
        functions.extend(names.map(|name| format!("renku:session/{interface}.{name}")));
    }
    let code = format!(
        "pub(super) const VERSION: &str = \"{version}\";\n\
         pub(super) const INTERFACES: &[&str] = &{interfaces:?};\n\
         pub(super) const FUNCTIONS: &[&str] = &{functions:?};\n"
    );
    Ok(fs::write(PathBuf::from(env::var("OUT_DIR")?).join("contract.rs"), code)?)
}
