//! The fake answers as the real servers did: everything that was recorded is
//! asked again, and an exchange that is not replayed fails.

mod compare;
mod more;
mod transcript;

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::Value;
use support::renkulab::{Consent, Pace, RenkuLab};

use compare::Known;
use transcript::{Exchange, Sent};

const V2: &str = include_str!("../../../fixtures/renkulab/v2.txt");
const V1: &str = include_str!("../../../fixtures/renkulab/v1.txt");

/// Where the recording's server was.
const RECORDED: &str = "http://127.0.0.1:8010";

/// Where in a recording the world was changed by somebody else.
const OOM: &str = "the container was OOM-killed";
const PUBLIC_PROJECT: &str = "01M8516AE6A1YZJ1F84MPA5293";
const PUBLIC_LAUNCHER: &str = "01M8516AF1Z8VN33BVB98AV4EA";

#[test]
fn every_recorded_exchange_of_renku_2_is_answered_alike() {
    let exchanges = transcript::parse(V2);
    assert_eq!(exchanges.len(), V2.lines().filter(|line| line.starts_with("### ")).count());
    assert!(exchanges.len() > 70, "{}", exchanges.len());

    let lab = RenkuLab::start();
    lab.version(Some("peer"));
    lab.token_lifetime(Duration::from_secs(1800));
    lab.pace(Pace { starting: 2, stopping: 1 });
    lab.image("nosuch/missing:1", serde_json::json!({"accessible": false}));
    let mut known = Known::new(RECORDED, lab.url());
    let mut problems = Vec::new();
    for exchange in &exchanges {
        prepare(&lab, exchange, &mut known);
        problems.extend(replay(&lab, exchange, &mut known));
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

/// What happened at the recorded server between two requests.
fn prepare(lab: &RenkuLab, exchange: &Exchange, known: &mut Known) {
    let waits = exchange.body["access_token"].is_string()
        && matches!(&exchange.sent, Sent::Form(form) if form.contains_key("device_code"));
    if waits {
        lab.consent(Consent::Given);
        std::thread::sleep(Duration::from_millis(1100));
    }
    if exchange.body["status"]["message"] == OOM {
        let name = exchange.path.rsplit('/').next().unwrap();
        lab.fail(&known.translate(name), OOM);
    }
    if exchange.part.contains("public project") && !known.knows(PUBLIC_LAUNCHER) {
        let project = lab.project_of("user1", true, "jane.doe/open", &[]);
        let launcher = lab.launcher(&project, "Open", support::renkulab::IMAGE);
        known.learn(PUBLIC_PROJECT, &project);
        known.learn(PUBLIC_LAUNCHER, &launcher);
    }
}

/// Sends it and says what was answered differently. Between two recorded
/// requests time went by, so a session may be looked at more than once.
fn replay(lab: &RenkuLab, exchange: &Exchange, known: &mut Known) -> Vec<String> {
    let mut problems = Vec::new();
    for _ in 0..10 {
        let answer = send(lab, exchange, known);
        problems = compare::answers(exchange, &answer, &mut known.clone());
        if problems.is_empty() {
            compare::answers(exchange, &answer, known);
            return problems;
        }
        let may_wait = exchange.method == "GET" && exchange.path.contains("/sessions/");
        if !may_wait {
            break;
        }
    }
    problems.iter().map(|problem| format!("{}: {problem}", exchange.title())).collect()
}

fn send(lab: &RenkuLab, exchange: &Exchange, known: &Known) -> transcript::Received {
    let mut headers = BTreeMap::new();
    match exchange.who.as_str() {
        "" => {
            headers.insert("Authorization", format!("Bearer {}", lab.token()));
        }
        "other token" => {
            let token = match exchange.remark.as_str() {
                "EXPIRED token" => lab.token_for("user1", Duration::ZERO),
                "garbage token" => "garbage".into(),
                _ => lab.token_for("user2", Duration::from_secs(60)),
            };
            headers.insert("Authorization", format!("Bearer {token}"));
        }
        "anonymous" => {
            let with_cookie = exchange.part.contains("anonymous session");
            if with_cookie && exchange.remark != "no session cookie" {
                headers.insert("Cookie", "_renku_session=abcdef".into());
            }
        }
        other => panic!("nobody is called `{other}`"),
    }
    transcript::send(lab.url(), exchange, known, &headers)
}

/// What the notebooks service of Renku ≤ 2.13 says to somebody without a login,
/// which is all that `renku session` ever asks of it. Its sessions are out of
/// scope: such deployments are refused with the version that is needed.
#[test]
fn an_old_deployment_is_told_by_its_notebooks_service() {
    let lab = RenkuLab::start();
    lab.legacy(Some("0.67.0"));
    let mut known = Known::new("http://127.0.0.1:8001", lab.url());
    let mut replayed = 0;
    for exchange in transcript::parse(V1) {
        let without_login = exchange.path.ends_with("/version")
            || ["no credentials", "expired token"].contains(&exchange.remark.as_str());
        if without_login {
            replayed += 1;
            let answer = transcript::send(lab.url(), &exchange, &known, &BTreeMap::new());
            let problems = compare::answers(&exchange, &answer, &mut known);
            assert!(problems.is_empty(), "{}: {problems:?}", exchange.title());
        }
    }
    assert_eq!(replayed, 3);
}

/// Everything that was recorded of the notebooks service is gone from a current
/// deployment: whatever is asked, the data services do not know the place.
#[test]
fn nothing_of_the_notebooks_service_is_left() {
    let lab = RenkuLab::start();
    let known = Known::new("http://127.0.0.1:8001", lab.url());
    let exchanges = transcript::parse(V1);
    assert_eq!(exchanges.len(), V1.lines().filter(|line| line.starts_with("### ")).count());
    for exchange in &exchanges {
        let answer = transcript::send(lab.url(), exchange, &known, &BTreeMap::new());
        let path = exchange.path.split('?').next().unwrap();
        let path = path.replace("/api/notebooks", "/api/data/notebooks");
        let expected = format!("Requested URL {path} not found");
        assert_eq!(answer.status, 404, "{}", exchange.title());
        let body: Value = serde_json::from_str(&answer.text).unwrap();
        assert_eq!(body["error"]["message"], Value::from(expected), "{}", exchange.title());
    }
}
