//! Fixtures that are only a type: components with imports and exports of our
//! choice, whose functions do nothing, made from a few lines of WIT.

use std::path::Path;

use anyhow::{Context as _, Result};
use wit_component::{ComponentEncoder, StringEncoding, dummy_module, embed_component_metadata};
use wit_parser::{ManglingAndAbi, Resolve, SourceMap, UnresolvedPackageGroup};

use crate::contract;

/// Where the WIT of these fixtures lies; each file declares `world fixture`, and
/// may have a manifest of the same name beside it.
const FIXTURES: &str = "tests/fixtures/wit";

/// The contract that they may refer to.
const CONTRACT: &str = "wit/v0.1";

/// A component of the type `world` of `text`, which does nothing.
///
/// `text` may refer to the contract in force as `@CONTRACT`. When it declares no package of its own,
/// it adds to the contract.
///
/// # Errors
///
/// When the text is not WIT, or has no such world.
pub(super) fn dummy(root: &Path, text: &str, world: &str) -> Result<Vec<u8>> {
    let mut contract = SourceMap::new();
    for (path, text) in files(&root.join(CONTRACT), "wit")? {
        contract.push(Path::new(&path), text);
    }
    let text = &text.replace("@CONTRACT", &format!("@{}", contract::version(root)?));
    let mut resolve = Resolve::default();
    let package = if !text.starts_with("package ") {
        contract.push(Path::new("addition.wit"), text);
        push(&mut resolve, contract)?
    } else {
        push(&mut resolve, contract)?;
        let mut own = SourceMap::new();
        own.push(Path::new("fixture.wit"), text);
        push(&mut resolve, own)?
    };
    let world = resolve.select_world(&[package], Some(world))?;
    let mut module = dummy_module(&resolve, world, ManglingAndAbi::Standard32);
    embed_component_metadata(&mut module, &resolve, world, StringEncoding::UTF8)?;
    ComponentEncoder::default().validate(true).module(&module)?.encode()
}

fn push(resolve: &mut Resolve, sources: SourceMap) -> Result<wit_parser::PackageId> {
    let group: UnresolvedPackageGroup =
        sources.parse().map_err(|(_, error)| anyhow::anyhow!("{error}"))?;
    Ok(resolve.push_group(group)?)
}

/// All fixtures of this kind: name and bytes.
pub(super) fn fixtures(root: &Path) -> Result<Vec<(String, Vec<u8>)>> {
    let directory = root.join(FIXTURES);
    let mut fixtures = Vec::new();
    for (file, text) in files(&directory, "wit")? {
        let name = file.trim_end_matches(".wit").to_owned();
        let mut bytes = dummy(root, &text, "fixture").with_context(|| file.clone())?;
        if let Ok(text) = std::fs::read_to_string(directory.join(format!("{name}.json"))) {
            bytes = renku_session_package::attach(&bytes, &text).with_context(|| file)?;
        }
        fixtures.push((name, bytes));
    }
    Ok(fixtures)
}

/// Names and contents of the files with this extension, sorted.
fn files(directory: &Path, extension: &str) -> Result<Vec<(String, String)>> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(directory).with_context(|| directory.display().to_string())? {
        let path = entry?.path();
        if path.extension().is_some_and(|found| found == extension) {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let text =
                std::fs::read_to_string(&path).with_context(|| path.display().to_string())?;
            files.push((name, text));
        }
    }
    files.sort();
    Ok(files)
}
