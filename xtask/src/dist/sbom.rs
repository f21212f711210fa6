//! `SBOM.cdx.json`: what the release is made of, for programs that look for known
//! vulnerabilities. CycloneDX 1.6 (ECMA-424), without time and serial number, so that
//! the same sources give the same bytes.

use std::path::Path;

use anyhow::{Context as _, Result};
use serde_json::{Map, Value, json};
use xtask_common::{files_below, sha256};

use super::shipped::{Package, Shipped};
use crate::packages;

/// The whole file. `providers` is the folder with the components of the release.
///
/// # Errors
///
/// When a component cannot be read.
pub(super) fn json(shipped: &Shipped, providers: &Path) -> Result<String> {
    let ours = |package: &&Package| package.name == packages::PROGRAM;
    let program = shipped.packages().iter().find(ours).context("there is no program")?;
    let mut components: Vec<Value> = shipped
        .packages()
        .iter()
        .filter(|package| package.id != program.id)
        .map(|package| component(package, shipped, "library"))
        .collect();
    let mut depends: Vec<Value> = shipped
        .packages()
        .iter()
        .map(|package| {
            let used: Vec<String> = shipped.uses(package).map(purl).collect();
            json!({"ref": purl(package), "dependsOn": used})
        })
        .collect();
    for file in files_below(providers)? {
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let bytes = std::fs::read(&file).with_context(|| file.display().to_string())?;
        components.push(json!({
            "type": "file",
            "bom-ref": name,
            "name": name,
            "mime-type": "application/wasm",
            "hashes": [{"alg": "SHA-256", "content": sha256(&bytes)}],
        }));
        depends.push(json!({"ref": name, "dependsOn": []}));
    }
    let bom = json!({
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": component(program, shipped, "application")},
        "components": components,
        "dependencies": depends,
    });
    Ok(serde_json::to_string_pretty(&bom)? + "\n")
}

fn component(package: &Package, shipped: &Shipped, kind: &str) -> Value {
    let mut component = Map::new();
    let mut set = |key: &str, value: Value| component.insert(key.to_owned(), value);
    set("type", kind.into());
    set("bom-ref", purl(package).into());
    set("name", package.name.clone().into());
    set("version", package.version.clone().into());
    set("purl", purl(package).into());
    if let Some(license) = &package.license {
        // Older packages write `/` where SPDX has ` OR `.
        let expression = license.replace('/', " OR ");
        set("licenses", json!([{"expression": expression}]));
    }
    if let Some(checksum) = shipped.checksum(package) {
        set("hashes", json!([{"alg": "SHA-256", "content": checksum}]));
    }
    if let Some(place) = &package.repository {
        set("externalReferences", json!([{"type": "vcs", "url": place}]));
    }
    component.into()
}

/// The name of a package in all the world (github.com/package-url/purl-spec): `+` of a
/// version is encoded. Our own packages are in no registry, and are known by it all the same.
fn purl(package: &Package) -> String {
    format!("pkg:cargo/{}@{}", package.name, package.version.replace('+', "%2B"))
}
