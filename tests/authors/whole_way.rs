//! "From nothing to its users" of the provider guide, followed to the letter: by an author, by
//! a user on another machine, and there once more without a network.

use std::path::PathBuf;

use support::{Context, Registry, Run, cargo_target, get};

/// The guide, and what it calls by example.
const GUIDE: &str = include_str!("../../docs/provider-guide.md");
const REGISTRY: &str = "registry.example.org";
const KEY: &str = "RWQ…";

/// The commands under a heading of the guide, without their remarks.
fn commands(heading: &str) -> Vec<&'static str> {
    let (_, section) = GUIDE.split_once(&format!("\n### {heading}\n")).expect("there is a heading");
    let section = section.split("\n##").next().unwrap();
    let lines = section.lines().filter_map(|line| line.strip_prefix("$ "));
    let commands: Vec<_> = lines.map(|line| line.split(" # ").next().unwrap().trim_end()).collect();
    assert!(!commands.is_empty(), "nothing to type under `{heading}`");
    commands
}

/// Somebody who types what the guide says.
struct Person<'a> {
    context: &'a Context,
    folder: PathBuf,
    registry: String,
    /// The author's public key, once there is one.
    key: String,
}

impl Person<'_> {
    fn types(&self, command: &str) -> Run {
        let command = command.replace(REGISTRY, &self.registry).replace(KEY, &self.key);
        self.context
            .shell(&self.folder, &command)
            .env("RENKU_SIGNING_PASSWORD", "correct horse")
            .env("RENKU_SESSION_START_YES", "1")
            .run()
    }

    /// The command of `section` that begins like this.
    fn follows(&self, section: &str, begin: &str) -> Run {
        let found = commands(section).into_iter().find(|command| command.starts_with(begin));
        self.types(found.unwrap_or_else(|| panic!("no `{begin}` under `{section}`")))
    }
}

/// From `new` to a tested file.
fn write(author: &mut Person<'_>) {
    for command in commands("Write it") {
        if let Some(folder) = command.strip_prefix("cd ") {
            author.folder.push(folder);
            // What the SDK needs is compiled once for all tests.
            let target = author.folder.join("target");
            std::os::unix::fs::symlink(cargo_target(), target).unwrap();
        } else {
            let _ = author.types(command).success();
        }
    }
}

/// The next version also talks to a web service.
fn widen(author: &Person<'_>) {
    let edit = |file: &str, from: &str, to: &str| {
        let path = author.folder.join(file);
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(text.contains(from), "`{from}` is in `{file}`");
        std::fs::write(path, text.replacen(from, to, 1)).unwrap();
    };
    edit("Cargo.toml", "version = \"0.1.0\"", "version = \"0.2.0\"");
    edit(
        "src/lib.rs",
        "    fn session_list(_: &Request) -> Result<Vec<Session>> {\n",
        "    fn session_list(_: &Request) -> Result<Vec<Session>> {\n        \
         let _ = renku_session_sdk::http::open(\"cluster\");\n",
    );
    edit(
        "manifest.json",
        "\"wants\": [",
        "\"wants\": [{\"capability\": \"http\", \"reason\": \"sessions are told to the cluster\"},",
    );
    for begin in ["cargo build", "renku session provider pack"] {
        let _ = author.follows("Write it", begin).success();
    }
    let _ = author.follows("Publish it", "renku session provider sign my").success();
    let push = commands("Publish it").pop().unwrap().replace(":0.1.0", ":0.2.0");
    let _ = author.types(&push).success();
}

#[test]
fn a_provider_is_written_published_used_updated_and_taken_back_by_following_the_guide() {
    let registry = Registry::open();
    let (here, there) = (Context::in_memory(), Context::in_memory());
    let project = there.project("analysis");
    let person = |context, folder: PathBuf| Person {
        context,
        folder,
        registry: registry.host(),
        key: String::new(),
    };
    let mut author = person(&here, here.folder().to_owned());
    let mut user = person(&there, project.root().to_owned());

    write(&mut author);
    user.key =
        author.follows("Publish it", "renku session provider sign --new-key").success().stdout;
    user.key = user.key.trim().to_owned();
    for command in &commands("Publish it")[1..] {
        let _ = author.types(command).success();
    }

    // Nothing is allowed before the user says so.
    let ls = "renku session ls -p acme/my-cluster";
    let _ = user.follows("Use it", "renku session provider trust").success();
    let added = user.follows("Use it", "renku session provider add").success();
    assert!(added.stderr.contains("; `acme` signed it"), "{}", added.stderr);
    insta::assert_snapshot!(user.types(ls).snapshot(), @r"
    exit status: 3
    --- stdout
    --- stderr
    error: provider `acme/my-cluster` (from oci://127.0.0.1:[PORT]/acme/my-cluster:0.1.0; `acme` signed it) needs your permission
      may start and stop containers, which can read and change this project's files and use the network
      may build images from this project
      may read what its containers print
      its reason for containers: “sessions run as containers of the engine on this machine”
    hint: if you trust it with that, run `renku session provider grant acme/my-cluster`
    ");
    let _ = user.follows("Use it", "renku session provider grant").success();
    let _ = user.follows("Use it", "renku session provider pin").success();
    let lock = project.read("renku-providers.lock");
    assert!(lock.contains("version = \"0.1.0\"\napi"), "{lock}");
    assert!(lock.contains("signer = \"acme\""), "{lock}");
    let started = user.follows("Use it", "renku session start").success();
    let url = started.stdout.split_whitespace().last().unwrap();
    let page = get(url);
    assert_eq!(page.status, 200, "{url}");
    assert!(page.body.contains("jupyter-config-data"), "{}", page.body);

    // A version that wants more is asked for; the locked one goes on.
    widen(&author);
    let wider = user.follows("Keep it", "renku session provider update").exits(3);
    insta::assert_snapshot!(wider.filtered(&wider.stderr), @r"
    Installed `acme/my-cluster` 0.2.0 from oci://127.0.0.1:[PORT]/acme/my-cluster:0.2.0; `acme` signed it
    error: provider `acme/my-cluster@0.2.0` (from oci://127.0.0.1:[PORT]/acme/my-cluster:0.2.0; `acme` signed it) requests more permissions than 0.1.0, which you allowed
      new: may talk to web services that you configured, with your login there
      its reason for http: “sessions are told to the cluster”
    hint: if you trust it with that, run `renku session provider grant acme/my-cluster@0.2.0`
    ");
    let locked = user.types(&format!("{ls} --locked --format json")).success().json();
    assert_eq!(locked["sessions"][0]["status"], "running");
    let _ = user.types("renku session provider grant acme/my-cluster@0.2.0").success();
    let _ = user.follows("Use it", "renku session provider pin").success();
    assert!(project.read("renku-providers.lock").contains("version = \"0.2.0\"\napi"));

    // A network that is not there is not missed.
    let verify = commands("Keep it")[1];
    let _ = user.types(&format!("unshare --net {verify}")).success();
    let _ = user.types(&format!("unshare --net {ls} --locked --offline")).success();

    let _ = user.types("renku session stop -p acme/my-cluster").success();
    assert_eq!(project.containers(), Vec::<String>::new());
    let _ = user.follows("Keep it", "renku session provider revoke").success();
    let _ = user.types(ls).exits(3);
}
