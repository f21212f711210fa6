//! Groups, data connectors, session secrets and builds: the fake answers as the real data
//! services did. The recording has more; what is not replayed here is told by no test.

use std::collections::BTreeMap;

use serde_json::json;
use support::renkulab::RenkuLab;

use super::compare::{self, Known};
use super::transcript::{self, Exchange};

const MORE: &str = include_str!("../../../fixtures/renkulab/v2-more.txt");

/// Where the recording's server was: it shows its addresses with TLS.
const RECORDED: &str = "https://127.0.0.1:8010";

/// The users of the recording: Alice is who asks, Bob and Carol are others.
const ALICE: &str = "00000002-aaaa-4bbb-8ccc-000000000002";
const BOB: &str = "00000003-aaaa-4bbb-8ccc-000000000003";

/// Replays the exchanges of one part of the recording that `wanted` picks.
#[track_caller]
fn replay(
    lab: &RenkuLab,
    known: &mut Known,
    part: &str,
    wanted: impl Fn(&Exchange) -> bool,
    least: usize,
) {
    known.learn(ALICE, "user1");
    known.learn(BOB, "user2");
    let exchanges = transcript::parse(MORE);
    let chosen: Vec<&Exchange> =
        exchanges.iter().filter(|it| it.part.starts_with(part) && wanted(it)).collect();
    assert!(chosen.len() >= least, "{}", chosen.len());
    let mut problems = Vec::new();
    for exchange in chosen {
        // What was deleted between two starts is not in the recording.
        if exchange.method == "POST" && exchange.path == "/api/data/sessions" {
            lab.forget_sessions();
        }
        problems.extend(one(lab, exchange, known));
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

/// Asks once, or a few times where time went by, and says what is different.
fn one(lab: &RenkuLab, exchange: &Exchange, known: &mut Known) -> Vec<String> {
    let mut problems = Vec::new();
    for _ in 0..4 {
        let mut headers = BTreeMap::new();
        if exchange.who != "anonymous" {
            let user = if exchange.who.is_empty() { "user1" } else { "user2" };
            let token = lab.token_for(user, std::time::Duration::from_secs(60));
            headers.insert("Authorization", format!("Bearer {token}"));
        }
        let answer = transcript::send(lab.url(), exchange, known, &headers);
        problems = compare::answers(exchange, &answer, &mut known.clone());
        // How many containers there are is made up in the recording.
        problems.retain(|problem| !problem.contains("_containers"));
        if problems.is_empty() {
            compare::answers(exchange, &answer, known);
            return problems;
        }
        if exchange.method != "GET" || !exchange.path.contains("/builds/") {
            break;
        }
    }
    problems.iter().map(|problem| format!("{}: {problem}", exchange.title())).collect()
}

#[test]
fn groups_are_answered_as_recorded() {
    let lab = RenkuLab::start();
    let mut known = Known::new(RECORDED, lab.url());
    lab.group("lab", &[("user2", "owner"), ("user1", "viewer")]);
    let repository = "http://git.localhost:8010/git/lab/shared.git";
    let project = lab.project_of("user2", false, "lab/shared", &[repository]);
    known.learn("01M8HX82FMMBBVETMBS68JN1CW", &project);
    let wanted = |it: &Exchange| {
        let is_of_others = ["carol", "erika"].contains(&it.who.as_str());
        let places = [
            "/api/data/groups?direct_member=true",
            "/api/data/projects?namespace=lab",
            "/api/data/projects?namespace=lab&direct_member=true",
            "/api/data/groups/lab",
            "/api/data/groups/nosuch",
            "/api/data/groups/lab/permissions",
            "/api/data/namespaces/lab/projects/shared",
            "/api/data/projects/01M8HX82FMMBBVETMBS68JN1CW/permissions",
        ];
        it.method == "GET" && !is_of_others && places.contains(&it.path.as_str())
    };
    replay(&lab, &mut known, "1. ", wanted, 9);
}

#[test]
fn data_connectors_and_session_secrets_are_answered_as_recorded() {
    let lab = RenkuLab::start();
    let mut known = Known::new(RECORDED, lab.url());
    known.learn("alice", "jane.doe");
    let image = "ghcr.io/alice/py:1".replace("alice", "jane.doe");
    let data = lab.project("jane.doe/data", &[]);
    known.learn("01M8HX835FP16GJZN54XE3HM79", &data);
    known.learn("01M8HX836W5KCHMCBCGSZBHVA9", &lab.launcher(&data, "Py", &image));
    known.learn("01M8HX8385GY6EC74E80WD6TDS", &lab.connector(&data, "open-bucket", &[]));
    let fields = ["access_key_id", "secret_access_key"];
    known.learn("01M8HX83A0T42KXEZ4DGHGH6V1", &lab.connector(&data, "secret-bucket", &fields));
    let all = |_: &Exchange| true;
    replay(&lab, &mut known, "3a. ", all, 14);
    replay(&lab, &mut known, "3b. ", all, 17);
    let slots = lab.project("jane.doe/slots", &[]);
    known.learn("01M8HX84TFW4RB536P4TDJX01B", &slots);
    known.learn("01M8HX84VXC48S06B039147BA5", &lab.launcher(&slots, "Py", &image));
    lab.secret_slot(&slots, "API key", "api_key");
    // The list of all secrets of a user is not asked for, and SQL is nobody's answer.
    let wanted = |it: &Exchange| it.status != 500 && !it.path.contains("/user/secrets");
    replay(&lab, &mut known, "3c. ", wanted, 10);
}

#[test]
fn builds_are_answered_as_recorded() {
    let lab = RenkuLab::start();
    let mut known = Known::new(RECORDED, lab.url());
    let project = lab.project("jane.doe/built", &[]);
    let environment = |name: &str| {
        let launcher = lab.launcher_from_code(&project, name);
        let all = lab.launchers();
        let shown = all.iter().find(|one| one["id"] == launcher.as_str()).unwrap();
        (launcher, shown["environment"]["id"].as_str().unwrap().to_owned())
    };
    let (built, good) = environment("From code");
    lab.begin_build(&built);
    lab.finish_builds();
    lab.builds_fail(true);
    let (broken, bad) = environment("Broken");
    lab.begin_build(&broken);
    lab.finish_builds();
    lab.builds_fail(false);
    let own = json!({"container_image": "ghcr.io/alice/py:1"});
    let own = lab.launcher_with(&project, "Own", "interactive", own);
    let all = lab.launchers();
    let own = all.iter().find(|one| one["id"] == own.as_str()).unwrap();
    known.learn("01M8HX82TN2Z2ERNR94CA2D10E", &good);
    known.learn("01M8HX82ZSYDE5EZN32903N42H", &bad);
    known.learn("01M8HXAZW8688NZV04G7N9GSSA", own["environment"]["id"].as_str().unwrap());
    for source in ["built", "brokenbuild"] {
        let recorded = format!("http://git.localhost:8010/git/alice/{source}.git");
        known.learn(&recorded, "https://git.example.org/jane.doe/demo");
    }
    let wanted = |it: &Exchange| {
        let is_of_builds = it.path.contains("/builds");
        // Of an environment that all may use: there are none in the fake.
        is_of_builds && !it.path.contains("01M8HX7YPVKDFWNPH5JECQP809")
    };
    let before = |it: &Exchange| wanted(it) && !it.path.contains("01M8HX82ZSYDE5EZN32903N42H");
    let is_broken = |it: &Exchange| {
        it.path.contains("01M8HX82ZSYDE5EZN32903N42H")
            || it.path.contains("01M8HXB7D6GWNRAEZVCSAWVR1F")
    };
    replay(&lab, &mut known, "5c. ", |it| before(it) && !is_broken(it), 15);
    lab.builds_fail(true);
    replay(&lab, &mut known, "5c. ", is_broken, 4);
}
