//! A home, a project and a session that an earlier program made still work.

use std::path::{Path, PathBuf};

use support::{Context, Project, docker, docker_ok};

fn fixture() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/home-before")
}

/// The providers that the fixture was made with: components of the first release.
fn component(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/released/0.1.0").join(name)
}

/// All files below a folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.push(path);
        }
    }
    found
}

/// The fixture, put where a test is: see its README.
fn restored(context: &Context, project: &Project<'_>) -> serde_json::Value {
    use std::os::unix::fs::PermissionsExt as _;
    let here = context.folder().display().to_string();
    for (from, to) in [("home", context.home()), ("project", project.root().to_owned())] {
        let from = fixture().join(from);
        for file in files(&from) {
            let target = to.join(file.strip_prefix(&from).unwrap());
            std::fs::create_dir_all(target.parent().unwrap()).unwrap();
            let bytes = std::fs::read(&file).unwrap();
            let bytes = match String::from_utf8(bytes) {
                Ok(text) => text.replace("@HERE@", &here).into_bytes(),
                Err(error) => error.into_bytes(),
            };
            std::fs::write(&target, bytes).unwrap();
            // As they were, which git does not keep.
            let mode = if from.ends_with("home") { 0o600 } else { 0o644 };
            std::fs::set_permissions(&target, std::fs::Permissions::from_mode(mode)).unwrap();
        }
    }
    std::fs::copy(component("docker.wasm"), context.folder().join("docker.wasm")).unwrap();
    let recording = component("recording.wasm");
    let digest = support::digest(&recording.display().to_string());
    let blobs = context.home().join(".local/share/renku/providers/blobs/sha256");
    std::fs::create_dir_all(&blobs).unwrap();
    let blob = blobs.join(format!("{}.wasm", digest.trim_start_matches("sha256:")));
    std::fs::copy(recording, blob).unwrap();
    let session = std::fs::read_to_string(fixture().join("session.json")).unwrap();
    serde_json::from_str(&session.replace("@PROJECT@", &project.id())).unwrap()
}

#[test]
fn what_was_allowed_trusted_installed_and_set_before_counts() {
    let context = Context::docker();
    let project = context.project("analysis");
    let _ = restored(&context, &project);
    let json = |arguments: &[&str]| {
        let all = [arguments, &["--format", "json"]].concat();
        project.session(&all).success().json()
    };
    let docker = context.folder().join("docker.wasm").display().to_string();
    // It was allowed once, and is not asked about.
    assert_eq!(json(&["ls", "-p", &docker])["sessions"], serde_json::json!([]));
    assert_eq!(json(&["provider", "trust", "list"])["keys"][0]["name"], "acme");
    let list = json(&["provider", "list"]);
    let mut rows = list["providers"].as_array().unwrap().iter();
    let installed = rows.find(|row| row["name"] == "acme/recording").unwrap();
    assert_eq!((&installed["origin"], &installed["pinned"]), (&"installed".into(), &true.into()));
    let _ = project.session(&["provider", "verify"]).success();
    let origin = &json(&["origin", "list"])["origins"][0];
    assert_eq!(origin["name"], "cluster");
    assert_eq!(origin["providers"][0], "acme/recording");
    assert!(origin["providers"][1].as_str().unwrap().starts_with("file:"));
    let set = |key: &str| project.renku(&["config", "get", key]).run().success().stdout;
    assert_eq!((set("cpu_request"), set("mem_request")), ("1\n".into(), "64m\n".into()));
    let doctor = project.session(&["doctor", "--format", "json"]).json();
    let findings = doctor["findings"].as_array().unwrap();
    let logins = findings.iter().find(|finding| finding["topic"] == "logins").unwrap();
    assert_eq!(logins["message"], "https://renku.example");
    let _ = project.renku(&["logout", "https://renku.example"]).run().success();
    assert!(!context.home().join(".config/renku/logins.json").exists());
}

/// Twelve digits of the digest of its file are in its label, and its token was
/// derived from them.
#[test]
fn a_session_that_was_started_before_is_listed_opened_with_its_token_and_stopped() {
    let context = Context::docker();
    let project = context.project("analysis");
    let session = restored(&context, &project);
    let name = session["name"].as_str().unwrap();
    let mut arguments = vec!["run".to_owned(), "-d".into(), "--name".into(), name.to_owned()];
    for (label, value) in session["labels"].as_object().unwrap() {
        arguments.extend(["--label".to_owned(), format!("{label}={}", value.as_str().unwrap())]);
    }
    let port = session["labels"]["renku_port"].as_str().unwrap();
    arguments.extend(["-p".to_owned(), format!("127.0.0.1::{port}"), support::httpd_image()]);
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let _ = docker_ok(&arguments);
    let docker_wasm = context.folder().join("docker.wasm").display().to_string();
    let list = ["ls", "-p", &docker_wasm, "--format", "json"];
    let listed = project.session(&list).success().json();
    let url = listed["sessions"][0]["url"].as_str().unwrap();
    assert_eq!(listed["sessions"][0]["name"], name);
    assert_eq!(listed["sessions"][0]["provider"], session["labels"]["io.renku.session.provider"]);
    assert!(url.ends_with(&format!("token={}", session["token"].as_str().unwrap())), "{url}");
    // Also when it is the only thing that is asked.
    let opened = project.session(&["open", "-p", &docker_wasm, "--no-browser", name]).success();
    assert!(opened.stdout.contains(session["token"].as_str().unwrap()), "{}", opened.stdout);
    // A session that is started now has all digits, and another token.
    let now = project.start(&["-p", &docker_wasm, "--image", &support::httpd_image(), "--no-wait"]);
    let label = "{{index .Config.Labels \"io.renku.session.provider\"}}";
    let label = docker_ok(&["inspect", "-f", label, now["name"].as_str().unwrap()]);
    assert_eq!(label.len(), "file:".len() + 64, "{label}");
    // Another file, and be it nearly the same, sees neither.
    let other = support::Variant::at(component("docker.wasm")).section("note", b"x");
    let other = other.write(context.folder(), "other.wasm");
    let listed = project.session(&["ls", "--yes", "-p", &other, "--format", "json"]).success();
    assert_eq!(listed.json()["sessions"], serde_json::json!([]));
    let _ = project.session(&["stop", "--yes", "--all", "-p", &docker_wasm]).success();
    assert_eq!(project.containers(), Vec::<String>::new());
    assert!(!docker(&["inspect", name]).success);
}
