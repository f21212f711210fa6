//! The manifest of a provider: the custom section `renku:manifest`, JSON.
//!
//! Options and configuration are data, so that the command line can be built
//! without running a provider. `docs/provider-guide.md` describes every key.

use std::ops::RangeInclusive;

use semver::{Version, VersionReq};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::error::ProvidersError;
use super::reason;
use crate::domain::{EngineKind, is_origin_name, parse_size, sanitize};
use crate::sandbox::{Capability, Sections};

/// The section's name.
pub(super) const SECTION: &str = "renku:manifest";

/// The most origins and the most images of a wish.
const LISTED: usize = 10;

/// The most characters of an image.
const IMAGE: usize = 100;

/// What a machine has of CPUs.
const CPUS: RangeInclusive<f64> = 0.01..=100_000.0;

/// What a provider says about itself.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// The version of this format: 1.
    pub manifest: u32,
    /// Which versions of the contract it speaks, a semver range.
    pub api: String,
    /// Whether its sessions run elsewhere (longer waits, asked only when bound).
    #[serde(default)]
    pub remote: bool,
    /// Which engine runs its containers.
    #[serde(default, skip_serializing_if = "EngineKind::is_default")]
    pub engine: EngineKind,
    /// Lower is asked first.
    #[serde(default)]
    pub priority: u8,
    /// Capabilities it wants, and why.
    #[serde(default)]
    pub wants: Vec<Wish>,
    /// The JSON Schema of its configuration.
    #[serde(default)]
    pub config: Option<Value>,
    /// The keys of its configuration that the settings of a project may set, too.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub project_keys: Vec<String>,
    /// Its own command line options.
    #[serde(default)]
    pub options: Vec<OptionSpec>,
}

/// A capability and the reason for it.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wish {
    /// `containers`, `http`, `prompt` or `repository`.
    pub capability: String,
    /// Why, one sentence.
    pub reason: String,
    /// Of `http`: the names of the origins it talks to; empty: any.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub origins: Vec<String>,
    /// Of `containers`: the images it starts, `*` stands for anything; empty: any.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub images: Vec<String>,
    /// Of `containers`: the most CPUs of one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_cpu: Option<f64>,
    /// Of `containers`: the most memory of one, such as `8Gi`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_memory: Option<String>,
}

impl Wish {
    /// What is wrong with its limits.
    fn problem(&self) -> Option<String> {
        let wish = sanitize(&self.capability);
        let of_containers =
            !self.images.is_empty() || self.max_cpu.is_some() || self.max_memory.is_some();
        if self.capability != "http" && !self.origins.is_empty() {
            return Some(format!("`origins` belongs to `http`, not to `{wish}`"));
        }
        if self.capability != "containers" && of_containers {
            return Some(format!(
                "`images`, `max_cpu` and `max_memory` belong to `containers`, not to `{wish}`"
            ));
        }
        if let Some(name) = self.origins.iter().find(|name| !is_origin_name(name)) {
            return Some(format!("`{}` cannot be the name of an origin", sanitize(name)));
        }
        if self.max_cpu.is_some_and(|cpu| !CPUS.contains(&cpu)) {
            let (least, most) = (CPUS.start(), CPUS.end());
            return Some(format!("`max_cpu` must be from {least} to {most}"));
        }
        let memory = self.max_memory.as_deref().map(parse_size);
        memory.and_then(Result::err).map(|reason| format!("`max_memory`: {reason}"))
    }

    /// Why nobody could be asked about it: what it says would hide what it may do.
    fn too_much(&self) -> Option<String> {
        let wish = sanitize(&self.capability);
        let many = |what: &str| Some(format!("`{wish}`: more than {LISTED} {what}"));
        if self.reason.chars().count() > reason::CHARACTERS {
            let most = reason::CHARACTERS;
            return Some(format!("`{wish}`: the reason has more than {most} characters"));
        }
        if self.origins.len() > LISTED {
            return many("origins");
        }
        if self.images.len() > LISTED {
            return many("images");
        }
        let image = self.images.iter().find(|image| !is_image_pattern(image))?;
        Some(format!(
            "`{}` cannot be an image",
            sanitize(&image.chars().take(80).collect::<String>())
        ))
    }
}

/// What an image can be called, with `*` for anything.
fn is_image_pattern(text: &str) -> bool {
    (1..=IMAGE).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"*./:@_-".contains(&byte))
}

/// A command line option of a provider.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OptionSpec {
    /// Its long name, without dashes.
    pub name: String,
    /// What stands for its value in the help; none: it is a flag.
    #[serde(default)]
    pub value: Option<String>,
    /// What it does.
    pub help: String,
    /// The commands that have it; `start` is the only one that can.
    #[serde(default)]
    pub commands: Vec<String>,
    /// The configuration key that its value replaces.
    #[serde(default)]
    pub config: Option<String>,
}

impl Manifest {
    /// The manifest of a component; one that has none says nothing. `shown` is what
    /// messages call it.
    ///
    /// # Errors
    ///
    /// When it is not valid.
    pub(super) fn of(shown: &str, sections: &Sections) -> Result<Self, ProvidersError> {
        match sections.custom.get(SECTION) {
            None => Ok(Self::default()),
            Some(section) => Self::parse(section)
                .map_err(|reason| ProvidersError::Manifest { provider: shown.into(), reason }),
        }
    }

    /// Reads a manifest.
    ///
    /// # Errors
    ///
    /// In words, what is wrong with it.
    pub(super) fn parse(bytes: &[u8]) -> Result<Self, String> {
        let manifest: Self = serde_json::from_slice(bytes).map_err(|error| error.to_string())?;
        if manifest.manifest != 1 {
            return Err(format!(
                "it has format {}, and only format 1 is supported",
                manifest.manifest
            ));
        }
        if let Some(problem) = manifest.wants.iter().find_map(Wish::problem) {
            return Err(problem);
        }
        for option in &manifest.options {
            let valid = option.name.len() > 1
                && option.name.starts_with(|first: char| first.is_ascii_lowercase())
                && option.name.chars().all(|character| {
                    character.is_ascii_lowercase() || character == '-' || character.is_ascii_digit()
                });
            if !valid {
                return Err(format!(
                    "`{}` cannot be the name of an option",
                    sanitize(&option.name)
                ));
            }
            if let Some(command) = option.commands.iter().find(|command| *command != "start") {
                return Err(format!(
                    "option `{}` is for `{command}`, but only `start` takes options of providers",
                    option.name
                ));
            }
        }
        Ok(manifest)
    }

    /// Checks what only matters when a provider is installed: that the versions of
    /// the contract it claims include `api`, the one it was built for, that no two
    /// options have the same name, and that its wishes fit into a question.
    ///
    /// # Errors
    ///
    /// In words, what is wrong.
    pub(super) fn check(&self, api: &str) -> Result<(), String> {
        // A component without a manifest makes no claims.
        if self.manifest == 0 {
            return Ok(());
        }
        let range: VersionReq = self
            .api
            .parse()
            .map_err(|_| format!("`api` is not a range of versions: `{}`", self.api))?;
        if api.parse::<Version>().is_ok_and(|api| !range.matches(&api)) {
            return Err(format!("it declares API `{}`, but exports {api}", self.api));
        }
        if let Some(problem) = self.wants.iter().find_map(Wish::too_much) {
            return Err(problem);
        }
        if let Some(problem) = self.wrong_project_key(&range) {
            return Err(problem);
        }
        for (index, option) in self.options.iter().enumerate() {
            if self.options.iter().skip(index + 1).any(|other| other.name == option.name) {
                return Err(format!("it has the option `--{}` twice", option.name));
            }
        }
        Ok(())
    }

    /// What is wrong with what a project may set. Hosts of 0.1.0 refuse the key itself, so
    /// nobody may be promised that they take it.
    fn wrong_project_key(&self, range: &VersionReq) -> Option<String> {
        if !self.project_keys.is_empty() && range.matches(&Version::new(0, 1, 0)) {
            return Some("`project_keys` needs `\"api\": \"^0.1.1\"`".to_owned());
        }
        let properties = self.config.as_ref().and_then(|schema| schema.get("properties"));
        let is_known = |key: &String| properties.is_some_and(|it| it.get(key).is_some());
        let unknown = self.project_keys.iter().find(|key| !is_known(key))?;
        let unknown = sanitize(unknown);
        Some(format!("`project_keys` names `{unknown}`, which is not a key of `config`"))
    }

    /// What it says about why it wants a capability.
    pub(super) fn wish(&self, capability: Capability) -> Option<&Wish> {
        self.wants.iter().find(|wish| wish.capability == capability.as_str())
    }

    /// The options that `command` has.
    pub fn options_of<'a>(&'a self, command: &'a str) -> impl Iterator<Item = &'a OptionSpec> {
        self.options
            .iter()
            .filter(move |option| option.commands.iter().any(|known| known == command))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_project_may_set_is_a_key_and_nothing_for_hosts_of_0_1_0() {
        let check = |api: &str, keys: &str| {
            let text = format!(
                r#"{{"manifest":1,"api":"{api}","project_keys":[{keys}],
                    "config":{{"type":"object","properties":{{"image":{{"type":"string"}}}}}}}}"#
            );
            Manifest::parse(text.as_bytes()).unwrap().check("0.1.1")
        };
        assert_eq!(check("^0.1.1", r#""image""#), Ok(()));
        assert!(check("^0.1", r#""image""#).unwrap_err().contains("^0.1.1"));
        assert!(check("^0.1.1", r#""account""#).unwrap_err().contains("`account`"));
    }

    #[test]
    fn a_manifest_of_another_format_is_refused() {
        let error = Manifest::parse(br#"{"manifest": 2, "api": "^0.1"}"#).unwrap_err();
        assert_eq!(error, "it has format 2, and only format 1 is supported");
    }

    #[test]
    fn limits_stand_where_they_mean_something() {
        let read = |wish: &str| {
            let text = format!(r#"{{"manifest":1,"api":"^0.1","wants":[{wish}]}}"#);
            Manifest::parse(text.as_bytes()).map(|manifest| manifest.wants.len())
        };
        let wish = |rest: &str| read(&format!(r#"{{"capability":{rest},"reason":"x"}}"#));
        assert_eq!(wish(r#""http""#), Ok(1));
        assert_eq!(wish(r#""http","origins":["cluster"]"#), Ok(1));
        assert_eq!(wish(r#""containers","images":["a/*"],"max_cpu":4,"max_memory":"8Gi""#), Ok(1));
        for (rest, problem) in [
            (r#""prompt","origins":["a"]"#, "`origins` belongs to `http`, not to `prompt`"),
            (r#""http","origins":["https://a"]"#, "`https://a` cannot be the name of an origin"),
            (
                r#""http","max_cpu":1"#,
                "`images`, `max_cpu` and `max_memory` belong to `containers`, not to `http`",
            ),
            (r#""containers","max_cpu":0"#, "`max_cpu` must be from 0.01 to 100000"),
            (r#""containers","max_cpu":1e308"#, "`max_cpu` must be from 0.01 to 100000"),
            (r#""containers","max_cpu":1e-300"#, "`max_cpu` must be from 0.01 to 100000"),
            (r#""containers","max_memory":"much""#, "`max_memory`: this is not a size"),
        ] {
            assert_eq!(wish(rest).unwrap_err(), problem);
        }
    }

    #[test]
    fn what_would_not_fit_into_a_question_is_refused() {
        let problem = |wish: Wish| {
            let wish = Wish { capability: "containers".into(), ..wish };
            let manifest = Manifest { manifest: 1, api: "^0.1".into(), ..Manifest::default() };
            Manifest { wants: vec![wish], ..manifest }.check("0.1.0").unwrap_err()
        };
        let reason = "x".repeat(201);
        assert_eq!(
            problem(Wish { reason, ..Wish::default() }),
            "`containers`: the reason has more than 200 characters"
        );
        let images = vec!["a".to_owned(); 11];
        assert_eq!(
            problem(Wish { images, ..Wish::default() }),
            "`containers`: more than 10 images"
        );
        let origins = vec!["a".to_owned(); 11];
        assert_eq!(
            problem(Wish { origins, ..Wish::default() }),
            "`containers`: more than 10 origins"
        );
        let images = vec!["a`. Provider `b` may print a greeting".to_owned()];
        assert_eq!(
            problem(Wish { images, ..Wish::default() }),
            "`a`. Provider `b` may print a greeting` cannot be an image"
        );
    }

    #[test]
    fn an_option_that_could_not_be_typed_is_refused() {
        let manifest = br#"{"manifest":1,"api":"^0.1","options":[{"name":"Bad Name","help":""}]}"#;
        let error = Manifest::parse(manifest).unwrap_err();
        assert_eq!(error, "`Bad Name` cannot be the name of an option");
    }
}
