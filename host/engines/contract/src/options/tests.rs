//! Options as typed, and as the engine gets them.

use std::path::PathBuf;

use super::*;
use crate::domain::{Diagnostic as _, Resources};

fn read(folder: &std::path::Path, words: &[(&str, &str)]) -> Result<EngineOptions, OptionError> {
    let variable = |name: &str| (name == "SHELL_VALUE").then(|| "from the shell".to_owned());
    let around = Caller {
        directory: folder.to_owned(),
        home: Some(PathBuf::from("/home/ann")),
        variable: &variable,
        local_engine: true,
    };
    let mut options = EngineOptions::default();
    for (name, value) in words {
        options.set(find(name).expect(name), value, GivenIn::CommandLine, &around)?;
    }
    options.check_together(&Resources { memory: Some(1 << 30), ..Resources::default() })?;
    Ok(options)
}

fn error(words: &[(&str, &str)]) -> String {
    let folder = tempfile::tempdir().unwrap();
    let error = read(folder.path(), words).unwrap_err();
    format!("{error} | {}", error.hint().unwrap_or_default())
        .replace(&folder.path().canonicalize().unwrap().display().to_string(), "[folder]")
        .replace(&folder.path().display().to_string(), "[folder]")
}

#[test]
fn every_option_takes_its_own_example() {
    for option in all() {
        let words = [(option.name, option.example)];
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("variables.env"), "A=1\n").unwrap();
        match (option.name, read(folder.path(), &words)) {
            // What engines never had on Linux.
            ("cpu-count" | "cpu-percent", result) => assert!(result.is_err()),
            // Its source is not on every machine.
            ("volume" | "device", _) => {}
            (name, result) => {
                assert!(result.is_ok(), "--{name} {}: {:?}", option.example, result.err());
            }
        }
    }
}

#[test]
fn a_wrong_value_names_its_option_and_shows_the_right_form() {
    for (words, expected) in [
        (
            ("shm-size", "128q"),
            "`--shm-size 128q`: this is not a size | write it as in `--shm-size 2g`",
        ),
        (
            ("port", "70000"),
            "`--port 70000`: `70000` is not a port between 1 and 65535 | write it as in `--port 8888`",
        ),
        (
            ("env", "=x"),
            "`--env =x`: the name of the variable is missing | write it as in `--env OMP_NUM_THREADS=4`",
        ),
        (
            ("volume", "/nowhere/at/all:/data"),
            "`--volume /nowhere/at/all:/data`: there is no `/nowhere/at/all` | write it as in `--volume /data:/data:ro`",
        ),
        (
            ("volume", "data"),
            "`--volume data`: the path in the session is missing | write it as in `--volume /data:/data:ro`",
        ),
        (
            ("volume", "data:relative"),
            "`--volume data:relative`: `relative` is not an absolute path in the session | write it as in `--volume /data:/data:ro`",
        ),
        (
            ("cpu-count", "2"),
            "`--cpu-count 2`: only engines on Windows have it | leave out `--cpu-count`",
        ),
        (
            ("isolation", "hyperv"),
            "`--isolation hyperv`: only engines on Windows have it | leave out `--isolation`",
        ),
        (
            ("memory-swap", "1m"),
            "`--memory-swap 1m`: it includes memory, so it must be at least `--memory` | leave out `--memory-swap`",
        ),
        (
            ("hostname", " "),
            "`--hostname  `: the value is missing | write it as in `--hostname analysis`",
        ),
    ] {
        assert_eq!(error(&[words]), expected);
    }
    assert_eq!(
        error(&[("network", "none"), ("port", "8888")]),
        "`--port 8888`: nothing can be published with `--network none` | leave out `--port`"
    );
}

#[test]
fn variables_come_from_files_then_from_the_command_line() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(
        folder.path().join("variables.env"),
        "\u{feff}# a comment\n\nA=file\nB='quoted'\nSHELL_VALUE\nNOWHERE\n",
    )
    .unwrap();
    let words = [("env", "A=typed"), ("env-file", "variables.env"), ("env", "SHELL_VALUE")];
    let options = read(folder.path(), &words).unwrap();
    let variables: Vec<String> =
        options.environment().map(|(name, value)| format!("{name}={value}")).collect();
    assert_eq!(
        variables,
        [
            "A=file",
            "B='quoted'",
            "SHELL_VALUE=from the shell",
            "A=typed",
            "SHELL_VALUE=from the shell"
        ]
    );
    assert_eq!(options.warnings, ["`--env NOWHERE` is ignored: your environment has no `NOWHERE`"]);
}

#[test]
fn a_port_for_everybody_is_said_to_be_one() {
    let folder = tempfile::tempdir().unwrap();
    let options = read(folder.path(), &[("port", "0.0.0.0:8888")]).unwrap();
    assert_eq!(
        options.warnings,
        ["a port of the session is published on 0.0.0.0: other computers can reach it, and only \
          the token in its URL keeps them out"]
    );
    assert_eq!(read(folder.path(), &[("port", "8888")]).unwrap().warnings, Vec::<String>::new());
}

/// docs/security.md: what a provider that is not bundled may combine only with an
/// image that the user named.
#[test]
fn what_hands_out_more_than_the_project_is_known() {
    let project = tempfile::tempdir().unwrap();
    let root = project.path().canonicalize().unwrap();
    std::fs::create_dir(root.join("data")).unwrap();
    let inside = format!("{}/data:/data", root.display());
    let forbidden = |words: &[(&str, &str)]| {
        let mut options = read(&root, words).unwrap();
        options.named_image = Some("mine:1".into());
        assert_eq!(options.forbidden_for("mine:1", &root), Vec::<String>::new());
        options.forbidden_for("theirs:1", &root)
    };
    for (name, value) in [
        ("privileged", ""),
        ("cap-add", "SYS_ADMIN"),
        ("device", "/dev/null"),
        ("device-cgroup-rule", "c 1:3 rwm"),
        ("network", "host"),
        ("network", "container:other"),
        ("user", "0"),
        ("group-add", "docker"),
        ("volumes-from", "other"),
        ("security-opt", "seccomp=unconfined"),
        ("volume", "/:/host"),
        ("volume", "a-volume:/data"),
        ("ipc", "host"),
        ("runtime", "other"),
        ("cgroup-parent", "/"),
        ("sysctl", "kernel.msgmax=1"),
    ] {
        assert_eq!(forbidden(&[(name, value)]).len(), 1, "--{name} {value}");
    }
    for (name, value) in [
        ("env", "A=1"),
        ("network", "none"),
        ("shm-size", "1g"),
        ("volume", inside.as_str()),
        ("cap-drop", "ALL"),
        ("security-opt", "no-new-privileges"),
        ("read-only", ""),
        ("port", "8888"),
    ] {
        assert_eq!(forbidden(&[(name, value)]), Vec::<String>::new(), "--{name} {value}");
    }
}

#[test]
fn what_an_engine_elsewhere_has_at_a_path_counts_as_outside_the_project() {
    let project = tempfile::tempdir().unwrap();
    let root = project.path().canonicalize().unwrap();
    std::fs::create_dir(root.join("data")).unwrap();
    let around = |local_engine| Caller {
        directory: root.clone(),
        home: None,
        variable: &|_| None,
        local_engine,
    };
    let forbidden = |value: &str, local_engine| {
        let mut options = EngineOptions::default();
        let given_in = GivenIn::CommandLine;
        options.set(find("volume").unwrap(), value, given_in, &around(local_engine)).unwrap();
        options.forbidden_for("theirs:1", &root).len()
    };
    assert_eq!(forbidden("./data/../..:/data", false), 1);
    // It may be a link there.
    assert_eq!(forbidden("./data:/data", false), 1);
    assert_eq!(forbidden("./data/../..:/data", true), 1);
    assert_eq!(forbidden("./data/../data:/data", true), 0);
}
