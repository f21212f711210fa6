//! What counts as new, and what a "yes" to it grants.

use std::collections::BTreeMap;

use serde_json::json;

use super::*;
use crate::domain::Digest;
use crate::manifest::Manifest;

/// A provider that imports these functions and wants this.
fn provider(imports: &[(Capability, &[&str])], wants: serde_json::Value) -> About {
    let manifest = json!({ "manifest": 1, "api": "^0.1", "wants": wants });
    let functions = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    About {
        digest: Digest::of(b"now"),
        size: 0,
        api: "0.1.0".into(),
        name: None,
        version: None,
        texts: BTreeMap::new(),
        imports: imports.iter().map(|(it, names)| (*it, functions(names))).collect(),
        manifest: Manifest::parse(manifest.to_string().as_bytes()).unwrap(),
        interfaces: crate::about::Interfaces::default(),
    }
}

fn containers(functions: &[&str], limits: serde_json::Value) -> About {
    let mut wish = json!({ "capability": "containers", "reason": "r" });
    wish.as_object_mut().unwrap().extend(limits.as_object().unwrap().clone());
    provider(&[(Capability::Containers, functions)], json!([wish]))
}

fn http(origins: &[&str]) -> About {
    let wish = json!([{ "capability": "http", "reason": "r", "origins": origins }]);
    provider(&[(Capability::Http, &["open"])], wish)
}

fn new_lines(before: &About, now: &About) -> Vec<String> {
    NewWishes::since(before, now, &[]).lines
}

fn grant(capability: Capability) -> Grant {
    Grant::new(Digest::of(b"before"), "tool".into(), None, [capability])
}

#[test]
fn another_function_of_the_same_capability_is_news() {
    let before = containers(&["logs"], json!({}));
    let now = containers(&["logs", "pull-image"], json!({}));
    assert_eq!(new_lines(&before, &now), ["may pull images"]);
    assert_eq!(
        NewWishes::since(&before, &now, &[]).in_words(),
        ["new: may pull images", "its reason for containers: “r”"]
    );
    assert_eq!(new_lines(&now, &before), Vec::<String>::new());
}

#[test]
fn who_could_list_containers_and_now_can_pause_them_is_asked_about() {
    let before = containers(&["list-containers"], json!({}));
    let now = containers(&["list-containers", "pause"], json!({}));
    assert_eq!(new_lines(&before, &now), ["may pause and resume the containers it started"]);
}

#[test]
fn a_function_more_is_news_also_where_the_sentence_is_known() {
    let before = containers(&["list-containers", "[method]container.name"], json!({}));
    let now = containers(
        &["list-containers", "inspect", "[method]container.name", "[method]container.legacy"],
        json!({}),
    );
    assert_eq!(
        new_lines(&before, &now),
        [
            "may see its containers and the images of this machine, with more functions: `inspect`, `container.legacy`"
        ]
    );
    assert_eq!(new_lines(&now, &before), Vec::<String>::new());
}

#[test]
fn a_function_that_is_not_known_is_news_in_the_strongest_words() {
    let before = containers(&["start", "stop"], json!({}));
    let now = containers(&["start", "stop", "exec"], json!({}));
    let lines = new_lines(&before, &now);
    assert!(lines[0].starts_with("may do something that this `renku` does not know"), "{lines:?}");
}

#[test]
fn a_function_more_of_the_web_widens_no_origins() {
    let wish = json!([{ "capability": "http", "reason": "r", "origins": ["a", "b"] }]);
    let before = provider(&[(Capability::Http, &["open", "[method]origin.send"])], wish.clone());
    let with_login = "[method]origin.send-with-refresh-token";
    let now = provider(&[(Capability::Http, &["open", "[method]origin.send", with_login])], wish);
    let only_a = Grant { origins: vec!["a".into()], ..grant(Capability::Http) };
    let new_wishes = NewWishes::since(&before, &now, &[]);
    assert_eq!(new_wishes.lines, [Permission::HandOverLogin.in_words()]);
    assert_eq!(new_wishes.granted(&only_a, &now).origins, ["a"]);
}

#[test]
fn beside_a_grant_alone_everything_is_shown() {
    let now = provider(
        &[(Capability::Containers, &["stop", "pause"]), (Capability::Http, &["open"])],
        json!([{ "capability": "containers", "reason": "r" }]),
    );
    let new_wishes = NewWishes::beyond(&grant(Capability::Containers), &now, &[]);
    assert_eq!(
        new_wishes.in_words(),
        [
            "new: may talk to web services that you configured, with your login there",
            "may stop the containers it started",
            "may pause and resume the containers it started",
        ]
    );
}

#[test]
fn another_reason_is_no_news() {
    let before = containers(&["logs"], json!({}));
    let mut now = containers(&["logs"], json!({}));
    now.manifest.wants[0].reason = "another one".into();
    assert_eq!(new_lines(&before, &now), Vec::<String>::new());
}

#[test]
fn wider_limits_and_lost_ones_are_news_and_narrower_ones_are_not() {
    let wide = json!({ "images": ["a/*", "b/*"], "max_cpu": 4, "max_memory": "8Gi" });
    let narrow = json!({ "images": ["a/*"], "max_cpu": 2, "max_memory": "4Gi" });
    let (wide, narrow) = (containers(&["start"], wide), containers(&["start"], narrow));
    let none = containers(&["start"], json!({}));
    assert_eq!(
        new_lines(&narrow, &wide),
        [
            "may start images like `b/*`",
            "may use 4 CPUs for a container",
            "may use 8Gi of memory for a container"
        ]
    );
    assert_eq!(
        new_lines(&narrow, &none),
        [
            "may start any image",
            "may use any number of CPUs for a container",
            "may use any amount of memory for a container"
        ]
    );
    assert_eq!(new_lines(&wide, &narrow), Vec::<String>::new());
    assert_eq!(new_lines(&none, &narrow), Vec::<String>::new());
}

#[test]
fn another_origin_is_news() {
    let line = "may talk to your web service `b`, once you configure it for this provider";
    assert_eq!(new_lines(&http(&["a"]), &http(&["a", "b"])), [line]);
    assert_eq!(new_lines(&http(&[]), &http(&["a", "b"])), Vec::<String>::new());
    assert_eq!(new_lines(&http(&["a"]), &http(&[])), [Permission::UseOrigins.in_words()]);
}

#[test]
fn a_yes_adds_what_is_new_and_keeps_what_the_user_bounded() {
    let before = containers(&["start"], json!({ "images": ["a/*"] }));
    let now = containers(&["start"], json!({ "images": ["a/*", "b/*"] }));
    let granted =
        Grant { images: vec!["a/*".into()], max_cpu: Some(1.0), ..grant(Capability::Containers) };
    let yes = NewWishes::since(&before, &now, &[]).granted(&granted, &now);
    assert_eq!((yes.images, yes.max_cpu), (vec!["a/*".into(), "b/*".into()], Some(1.0)));
    assert_eq!(yes.digest, now.digest);
}

#[test]
fn beside_a_grant_alone_its_limits_go_on() {
    let granted = Grant { max_cpu: Some(1.0), ..grant(Capability::Containers) };
    let now = containers(&["start"], json!({}));
    assert!(NewWishes::beyond(&granted, &now, &[]).is_empty());
    let now = containers(&["start"], json!({ "max_cpu": 2 }));
    let new_wishes = NewWishes::beyond(&granted, &now, &[]);
    assert_eq!(new_wishes.lines, ["may use 2 CPUs for a container"]);
    assert_eq!(new_wishes.granted(&granted, &now).max_cpu, Some(2.0));
    let other = NewWishes::beyond(&grant(Capability::Http), &now, &[]);
    assert_eq!(other.lines.len(), 1);
    let both = other.granted(&grant(Capability::Http), &now);
    assert_eq!(both.capabilities.len(), 2);
    assert_eq!(both.max_cpu, Some(2.0));
}
