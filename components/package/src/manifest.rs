//! The provider's manifest: checked, then attached as the custom section
//! `renku:manifest` of the outermost component.
//!
//! A section that a linker attribute makes would land inside the nested core
//! module; the host reads the outermost level only.

use std::borrow::Cow;
use std::collections::BTreeSet;

use anyhow::{Context as _, Result, bail, ensure};
use serde::Deserialize;
use serde_json::Value;
use wasm_encoder::{ComponentSection as _, CustomSection};
use wasmparser::{Parser, Payload};

/// The name of the section.
pub const SECTION: &str = "renku:manifest";

/// What a user grants, by the name of its interface in `renku:session`.
const CAPABILITIES: [&str; 4] = ["containers", "http", "prompt", "repository"];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Manifest {
    manifest: u32,
    api: String,
    #[serde(rename = "remote", default)]
    _remote: bool,
    #[serde(rename = "priority", default)]
    _priority: u8,
    #[serde(rename = "engine", default)]
    _engine: Option<String>,
    #[serde(default)]
    wants: Vec<Want>,
    #[serde(default)]
    config: Value,
    #[serde(default)]
    options: Vec<ProviderOption>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Want {
    capability: String,
    reason: String,
    #[serde(default)]
    origins: Vec<String>,
    #[serde(default)]
    images: Vec<String>,
    max_cpu: Option<f64>,
    max_memory: Option<String>,
}

impl Want {
    /// Checks that limits stand where they mean something. Whether they are names
    /// and sizes, the host says when it reads them.
    fn check(&self) -> Result<()> {
        let of_containers =
            !self.images.is_empty() || self.max_cpu.is_some() || self.max_memory.is_some();
        ensure!(!self.reason.is_empty(), "`wants` gives no reason for `{}`", self.capability);
        ensure!(
            self.origins.is_empty() || self.capability == "http",
            "`origins` belongs to `http`, not to `{}`",
            self.capability
        );
        ensure!(
            !of_containers || self.capability == "containers",
            "`images`, `max_cpu` and `max_memory` belong to `containers`, not to `{}`",
            self.capability
        );
        Ok(())
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ProviderOption {
    name: String,
    #[serde(rename = "value", default)]
    _value: Option<String>,
    help: String,
    #[serde(default)]
    commands: Vec<String>,
    #[serde(default)]
    config: Option<String>,
    #[serde(rename = "many", default)]
    _many: bool,
}

/// `component` with the manifest `text` attached, minified.
///
/// # Errors
///
/// When the manifest is not of version 1, names no API range, asks for other
/// capabilities than the component imports, or there is one already.
pub fn attach(component: &[u8], text: &str) -> Result<Vec<u8>> {
    check(text, &imported_capabilities(component)?)?;
    let minified = serde_json::to_vec(&serde_json::from_str::<Value>(text)?)?;
    let mut bytes = component.to_vec();
    CustomSection { name: Cow::Borrowed(SECTION), data: Cow::Owned(minified) }
        .append_to_component(&mut bytes);
    Ok(bytes)
}

fn check(text: &str, imported: &BTreeSet<String>) -> Result<()> {
    let manifest: Manifest = serde_json::from_str(text)?;
    ensure!(manifest.manifest == 1, "`manifest` must be 1");
    semver::VersionReq::parse(&manifest.api)
        .with_context(|| format!("`api` is not a version range: `{}`", manifest.api))?;
    let mut wanted = BTreeSet::new();
    for want in manifest.wants {
        want.check()?;
        ensure!(wanted.insert(want.capability), "`wants` names a capability twice");
    }
    if let Some(capability) = imported.difference(&wanted).next() {
        bail!(
            "the component imports `{capability}`, and `wants` gives no reason for it: add \
             {{\"capability\": \"{capability}\", \"reason\": \"…\"}}"
        );
    }
    if let Some(capability) = wanted.difference(imported).next() {
        bail!("`wants` names `{capability}`, which the component does not import");
    }
    for option in manifest.options {
        ensure!(!option.help.is_empty(), "option `{}` has no help", option.name);
        ensure!(
            !option.commands.is_empty(),
            "option `{}` belongs to no command: add \"commands\": [\"start\"]",
            option.name
        );
        if let Some(key) = option.config {
            ensure!(
                manifest.config.pointer(&format!("/properties/{key}")).is_some(),
                "option `{}` stands for the unknown key `{key}`",
                option.name
            );
        }
    }
    Ok(())
}

/// The capabilities among the imports of the outermost component; refuses a
/// component that has a manifest already, at any depth.
fn imported_capabilities(component: &[u8]) -> Result<BTreeSet<String>> {
    let mut imported = BTreeSet::new();
    let mut depth = 0_u32;
    for payload in Parser::new(0).parse_all(component) {
        match payload? {
            Payload::ModuleSection { .. } | Payload::ComponentSection { .. } => depth += 1,
            Payload::End(_) => depth = depth.saturating_sub(1),
            Payload::CustomSection(section) if section.name() == SECTION => {
                bail!("there is a section `{SECTION}` already")
            }
            Payload::ComponentImportSection(section) if depth == 0 => {
                for import in section {
                    let name = import?.name.name.to_owned();
                    imported.extend(
                        CAPABILITIES
                            .into_iter()
                            .find(|capability| {
                                name.starts_with(&format!("renku:session/{capability}@"))
                            })
                            .map(str::to_owned),
                    );
                }
            }
            _ => {}
        }
    }
    Ok(imported)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(text: &str, imported: &[&str]) -> String {
        let imported = imported.iter().map(|name| (*name).to_owned()).collect();
        format!("{:#}", check(text, &imported).unwrap_err())
    }

    fn manifest(changed: &str, value: &str) -> String {
        let mut manifest = serde_json::json!({
            "manifest": 1, "api": "^0.1", "remote": false, "priority": 1,
            "wants": [], "config": {"type": "object"}, "options": [],
        });
        manifest[changed] = serde_json::from_str(value).unwrap();
        manifest.to_string()
    }

    #[test]
    fn a_manifest_asks_for_exactly_what_the_component_imports() {
        check(&manifest("manifest", "1"), &BTreeSet::new()).unwrap();
        assert_eq!(
            problem(&manifest("manifest", "1"), &["containers"]),
            r#"the component imports `containers`, and `wants` gives no reason for it: add {"capability": "containers", "reason": "…"}"#
        );
        assert_eq!(
            problem(&manifest("wants", r#"[{"capability":"http","reason":"x"}]"#), &[]),
            "`wants` names `http`, which the component does not import"
        );
    }

    #[test]
    fn a_wish_may_say_within_which_limits() {
        let containers = r#"[{"capability":"containers","reason":"x","images":["a/*"],"max_cpu":2,"max_memory":"4Gi"}]"#;
        check(&manifest("wants", containers), &BTreeSet::from(["containers".to_owned()])).unwrap();
        let http = r#"[{"capability":"http","reason":"x","origins":["cluster"]}]"#;
        check(&manifest("wants", http), &BTreeSet::from(["http".to_owned()])).unwrap();
        let wrong = r#"[{"capability":"http","reason":"x","images":["a"]}]"#;
        assert_eq!(
            problem(&manifest("wants", wrong), &["http"]),
            "`images`, `max_cpu` and `max_memory` belong to `containers`, not to `http`"
        );
    }

    #[test]
    fn a_manifest_of_another_version_or_without_a_range_is_refused() {
        assert_eq!(problem(&manifest("manifest", "2"), &[]), "`manifest` must be 1");
        assert_eq!(
            problem(&manifest("api", r#""soon""#), &[]),
            "`api` is not a version range: `soon`: unexpected character 's' while parsing major \
             version number"
        );
    }

    #[test]
    fn an_option_stands_for_a_key_that_exists() {
        let options = r#"[{"name":"a","value":null,"help":"h","commands":["start"],"config":"b"}]"#;
        assert_eq!(
            problem(&manifest("options", options), &[]),
            "option `a` stands for the unknown key `b`"
        );
    }

    #[test]
    fn a_second_manifest_is_refused() {
        let empty = wasm_encoder::Component::new().finish();
        let once = attach(&empty, &manifest("manifest", "1")).unwrap();
        let error = attach(&once, &manifest("manifest", "1")).unwrap_err();
        assert_eq!(error.to_string(), "there is a section `renku:manifest` already");
    }
}
