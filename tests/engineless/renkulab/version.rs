//! Which Renku a deployment runs is asked once a day, without a token; one that was
//! too old is asked again at once.

use support::{Project, Run};

use super::ground::Ground;

/// Starts and stops a session with a cache of the test's own.
fn start(ground: &Ground, project: &Project<'_>) -> Run {
    let run = |arguments: &[&str]| {
        let cache = ground.context.folder().join("cache");
        ground.command(project, arguments).env("RENKU_CACHE_DIR", cache).run()
    };
    let started = run(&["start", "-p", "renkulab"]);
    let _ = run(&["stop", "--yes", "-p", "renkulab"]);
    ground.keeps_secrets(&started);
    started
}

/// How often the version was asked for, each time by nobody.
fn asked(ground: &Ground) -> usize {
    let requests = ground.lab.requests();
    let asked = requests.iter().filter(|seen| seen.path == "/api/data/version");
    let anonymous = |seen: &support::renkulab::Seen| !seen.has("authorization");
    asked.inspect(|seen| assert!(anonymous(seen), "the version is nobody's secret")).count()
}

/// Makes what is kept older by so many seconds.
fn age(ground: &Ground, seconds: u64) {
    let folder = ground.context.folder().join("cache/answers");
    let files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap()).collect();
    assert_eq!(files.len(), 1);
    let file = files[0].path();
    let text = std::fs::read_to_string(&file).unwrap();
    let mut kept: serde_json::Value = serde_json::from_str(&text).unwrap();
    kept["at"] = (kept["at"].as_u64().unwrap() - seconds).into();
    std::fs::write(&file, kept.to_string()).unwrap();
}

#[test]
fn the_version_is_asked_once_a_day() {
    let ground = Ground::new();
    let project = ground.bound();
    let _ = start(&ground, &project).success();
    assert_eq!(asked(&ground), 1);
    let _ = start(&ground, &project).success();
    age(&ground, 23 * 60 * 60);
    let _ = start(&ground, &project).success();
    assert_eq!(asked(&ground), 1);
    age(&ground, 60 * 60);
    let _ = start(&ground, &project).success();
    assert_eq!(asked(&ground), 2);
}

#[test]
fn an_update_is_noticed_at_once() {
    let ground = Ground::new();
    let project = ground.bound();
    ground.lab.version(Some("0.67.9"));
    let refused = start(&ground, &project).exits(1);
    assert!(refused.stderr.contains("too old"), "{}", refused.stderr);
    ground.lab.version(Some("0.68.0"));
    let _ = start(&ground, &project).success();
}
