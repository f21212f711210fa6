//! What the finished components are: their imports, exports, sections and size.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use renku_session_package as package;
use wasmparser::{Parser, Payload};
use wit_component::DecodedWasm;
use wit_parser::{Resolve, WorldItem, WorldKey};
use xtask_common::in_target;

use super::{Built, all};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}

fn build() -> Vec<Built> {
    all(&root(), &in_target("").unwrap()).unwrap()
}

/// All components, built once for all tests.
fn built(name: &str) -> &'static Built {
    static BUILT: OnceLock<Vec<Built>> = OnceLock::new();
    let all = BUILT.get_or_init(build);
    all.iter().find(|built| built.name == name).unwrap()
}

fn bytes(name: &str) -> Vec<u8> {
    std::fs::read(&built(name).path).unwrap()
}

/// Imports and exports of a component, each `interface: function, function`.
fn interfaces(name: &str) -> (Vec<String>, Vec<String>) {
    let DecodedWasm::Component(resolve, world) = wit_component::decode(&bytes(name)).unwrap()
    else {
        panic!("`{name}` is no component");
    };
    let world = &resolve.worlds[world];
    let lines = |items: &wit_parser::IndexMap<WorldKey, WorldItem>| {
        let mut lines: Vec<String> =
            items.iter().map(|(key, item)| line(&resolve, key, item)).collect();
        lines.sort();
        lines
    };
    (lines(&world.imports), lines(&world.exports))
}

/// An interface and its functions. The version of the contract in force is left out.
fn line(resolve: &Resolve, key: &WorldKey, item: &WorldItem) -> String {
    let name = resolve.name_world_key(key);
    let version = format!("@{}", crate::contract::version(&root()).unwrap());
    let ours = name.strip_suffix(&version).filter(|name| name.starts_with("renku:session/"));
    let name = ours.map_or_else(|| name.clone(), str::to_owned);
    match item {
        WorldItem::Interface { id, .. } => {
            let mut functions: Vec<&str> =
                resolve.interfaces[*id].functions.keys().map(String::as_str).collect();
            functions.sort_unstable();
            if functions.is_empty() { name } else { format!("{name}: {}", functions.join(" ")) }
        }
        _ => name,
    }
}

const PROVIDER: &str = "renku:session/provider: build-image find-image pre-start-checks \
                        session-list session-provider session-start session-stop session-url";
const HIBERNATION: &str = "renku:session/hibernation: pause resume";
const LOGS: &str = "renku:session/logs: session-logs";

#[test]
fn the_docker_provider_imports_what_it_uses_and_nothing_else() {
    let (imports, exports) = interfaces("docker");
    assert_eq!(
        imports,
        [
            "renku:session/containers: [constructor]container-spec \
             [method]container-spec.command [method]container-spec.entrypoint \
             [method]container-spec.environment [method]container-spec.label \
             [method]container-spec.mount-project [method]container-spec.publish \
             [method]container-spec.resources [method]container-spec.run-as \
             [method]container-spec.working-directory [method]container.created-at \
             [method]container.exit-code [method]container.image [method]container.label \
             [method]container.legacy [method]container.name [method]container.out-of-memory \
             [method]container.ports [method]container.state [method]image-config.command \
             [method]image-config.entrypoint [method]image-config.exposed-ports \
             [method]image-config.working-directory build-image find-image inspect \
             inspect-image list-containers logs pause resume start stop wait-ready",
            "renku:session/invocation: [method]project.author-email \
             [method]project.author-name [method]project.branch [method]project.commit \
             [method]project.name [method]project.slug [method]request.config \
             [method]request.project [method]request.resources [method]request.session-name \
             [method]request.wait-timeout created log now random-bytes session-secret",
            "renku:session/types",
        ]
    );
    assert_eq!(exports, [HIBERNATION, LOGS, PROVIDER]);
}

#[test]
fn the_renkulab_provider_reaches_its_service_and_the_repository_and_nothing_else() {
    let (imports, exports) = interfaces("renkulab");
    assert_eq!(
        imports,
        [
            "renku:session/http: [constructor]http-request [method]http-request.body \
             [method]http-request.header [method]http-request.query [method]origin.display-url \
             [method]origin.send [method]origin.send-anonymously \
             [method]origin.send-with-refresh-token [method]response.header \
             [method]response.read [method]response.status open",
            "renku:session/invocation: [method]log-sink.write [method]project.remote-project \
             [method]request.config [method]request.image-is-users [method]request.option-value \
             [method]request.project [method]request.resources [method]request.session-name \
             [method]request.wait-timeout created log now report sleep",
            "renku:session/prompt: confirm",
            "renku:session/repository: [method]repository-status.ahead \
             [method]repository-status.behind [method]repository-status.branch \
             [method]repository-status.dirty [method]repository-status.head \
             [method]repository-status.remote-urls [method]repository-status.upstream \
             default-branch push read-status",
            "renku:session/types",
        ]
    );
    assert_eq!(exports, [HIBERNATION, LOGS, PROVIDER]);
    let size = built("renkulab").size;
    assert!(size <= 400 * 1024, "{size} bytes");
}

#[test]
fn the_provider_of_the_example_reaches_its_service_and_nothing_else() {
    let (imports, exports) = interfaces("jupyterhub");
    assert_eq!(
        imports,
        [
            "renku:session/http: [constructor]http-request [method]http-request.body \
             [method]http-request.header [method]http-request.query [method]origin.display-url \
             [method]origin.send [method]response.header [method]response.read \
             [method]response.status open",
            "renku:session/invocation: [method]project.branch [method]project.commit \
             [method]project.name [method]project.slug [method]request.config \
             [method]request.image-is-users [method]request.project [method]request.resources \
             [method]request.session-name [method]request.wait-timeout created log now \
             random-bytes report sleep",
            "renku:session/types",
        ]
    );
    assert_eq!(exports, [PROVIDER]);
}

#[test]
fn a_provider_exports_only_the_abilities_it_has() {
    assert_eq!(interfaces("recording").1, [PROVIDER]);
    assert_eq!(interfaces("hibernating").1, [HIBERNATION, PROVIDER]);
    assert_eq!(interfaces("logging").1, [LOGS, PROVIDER]);
}

#[test]
fn the_recording_provider_needs_no_permission() {
    let names: Vec<String> = interfaces("recording")
        .0
        .into_iter()
        .filter_map(|line| line.split(": ").next().map(str::to_owned))
        .collect();
    assert_eq!(names, ["renku:session/invocation", "renku:session/types"]);
}

#[test]
fn fixtures_without_code_have_the_type_that_their_test_needs() {
    assert!(interfaces("undeclared-import").0.contains(&"renku:session/teleport: beam".to_owned()));
    assert!(
        interfaces("wasi-import")
            .0
            .contains(&"wasi:cli/environment@0.2.3: get-environment".to_owned())
    );
    assert_eq!(interfaces("future-track").1, ["renku:session/provider@0.2.0: session-names"]);
    assert_eq!(interfaces("not-a-provider"), (vec![], vec!["add".to_owned()]));
}

#[test]
fn the_docker_provider_is_small() {
    let size = built("docker").size;
    assert!(size <= 224 * 1024, "{size} bytes");
}

/// The custom sections of the outermost component, as text.
fn sections(name: &str) -> BTreeMap<String, String> {
    let bytes = bytes(name);
    let mut sections = BTreeMap::new();
    let mut depth = 0;
    for payload in Parser::new(0).parse_all(&bytes) {
        match payload.unwrap() {
            Payload::ModuleSection { .. } | Payload::ComponentSection { .. } => depth += 1,
            Payload::End(_) => depth -= 1,
            Payload::CustomSection(section) if depth == 0 => {
                let text = String::from_utf8_lossy(section.data()).into_owned();
                sections.insert(section.name().to_owned(), text);
            }
            _ => {}
        }
    }
    sections
}

#[test]
fn a_component_says_what_it_is() {
    let mut sections = sections("docker");
    let attached = sections.remove(package::SECTION).unwrap();
    let source = std::fs::read_to_string(root().join("components/docker/manifest.json")).unwrap();
    let source: serde_json::Value = serde_json::from_str(&source).unwrap();
    assert_eq!(attached, source.to_string());

    let name = sections.remove("component-name").unwrap();
    assert!(name.contains("\u{6}docker"), "{name:?}");
    assert!(sections.remove("producers").is_some());
    let rest: Vec<(&str, &str)> =
        sections.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    assert_eq!(
        rest,
        [
            ("authors", "The renku session authors"),
            ("description", "Interactive sessions in containers of the local engine"),
            ("licenses", "Apache-2.0"),
            ("source", "https://github.com/SwissDataScienceCenter/renku-session"),
            ("version", env!("CARGO_PKG_VERSION")),
        ]
    );
}

#[test]
fn a_component_does_not_name_the_directory_it_was_built_in() {
    let root = root();
    let home = std::env::home_dir().unwrap();
    for name in ["docker", "recording", "hostile"] {
        let text = String::from_utf8_lossy(&bytes(name)).into_owned();
        for directory in [root.as_path(), home.as_path()] {
            let directory = format!("{}/", directory.display());
            assert!(!text.contains(&directory), "`{name}` names {directory}");
        }
    }
}

#[test]
fn a_second_build_leaves_the_files_alone() {
    let before = std::fs::metadata(&built("docker").path).unwrap().modified().unwrap();
    let _ = build();
    let after = std::fs::metadata(&built("docker").path).unwrap().modified().unwrap();
    assert_eq!(before, after);
}
