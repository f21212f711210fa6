//! Public answers are cached for a while, and nothing else is.

use super::*;

/// As a provider with this name would use it, keeping answers in `cache`.
fn as_provider(name: &str, server: &Server, cache: &std::path::Path) -> Used {
    let used = using(&server.url, Credential::Bearer(Secret::new("s3cret")));
    let connection =
        used.connection.keeping(Some(Kept::new(cache, &crate::domain::Identity::named(name))));
    Used { connection, ..used }
}

fn ask(used: &Used, request: &Request, max_age: u64) -> Result<(u16, String), HttpError> {
    let access = Access::Anonymous { max_age: Duration::from_secs(max_age) };
    run(async {
        let response = used.connection.send(request, access).await?;
        Ok((response.status(), text(&response).await?))
    })
}

fn said(text: &str) -> (u16, String) {
    (200, text.to_owned())
}

#[test]
fn an_answer_is_given_again_as_long_as_it_is_young_enough() {
    let cache = tempfile::tempdir().unwrap();
    let header = [("etag", "e1"), ("set-cookie", "a=b")];
    let server = Server::saying([answer("200 OK", &header, "one"), answer("200 OK", &[], "two")]);
    let used = as_provider("a", &server, cache.path());
    assert_eq!(ask(&used, &get("/version"), 60).unwrap(), said("one"));
    // Another process, which opens no socket.
    let later = as_provider("a", &server, cache.path());
    assert_eq!(ask(&later, &get("/version"), 60).unwrap(), said("one"));
    let access = Access::Anonymous { max_age: Duration::from_secs(60) };
    let response = run(later.connection.send(&get("/version"), access)).unwrap();
    assert_eq!(response.header("ETag").as_deref(), Some("e1"));
    assert_eq!(response.header("set-cookie"), None);
    assert_eq!(later.dials.count(), 0);
    // An age of zero asks again, and the answer is cached.
    assert_eq!(ask(&later, &get("/version"), 0).unwrap(), said("two"));
    assert_eq!(ask(&used, &get("/version"), 60).unwrap(), said("two"));
    let seen = server.seen();
    assert_eq!(seen.len(), 2);
    assert!(seen.iter().all(|request| request.header("authorization").is_none()));
}

#[test]
fn an_answer_belongs_to_its_provider_and_its_whole_request() {
    let cache = tempfile::tempdir().unwrap();
    let server = Server::saying(["1", "2", "3", "4"].map(|text| answer("200 OK", &[], text)));
    let one = as_provider("a", &server, cache.path());
    assert_eq!(ask(&one, &get("/"), 60).unwrap(), said("1"));
    assert_eq!(ask(&as_provider("b", &server, cache.path()), &get("/"), 60).unwrap(), said("2"));
    let mut queried = get("/");
    queried.query("a".into(), "b".into());
    assert_eq!(ask(&one, &queried, 60).unwrap(), said("3"));
    let mut with_header = get("/");
    with_header.header("accept".into(), "text/plain".into());
    assert_eq!(ask(&one, &with_header, 60).unwrap(), said("4"));
}

#[test]
fn only_good_and_small_answers_are_kept() {
    let large = "x".repeat(limits::KEPT_BYTES + 1);
    for (first, status) in
        [(answer("404 Not Found", &[], "no"), 404), (answer("200 OK", &[], large.as_str()), 200)]
    {
        let cache = tempfile::tempdir().unwrap();
        let server = Server::saying([first, answer("200 OK", &[], "yes")]);
        let used = as_provider("a", &server, cache.path());
        let (told, body) = ask(&used, &get("/"), 60).unwrap();
        assert_eq!(told, status);
        // Nothing of it is lost.
        assert!(body == "no" || body == large);
        assert_eq!(ask(&used, &get("/"), 60).unwrap(), said("yes"));
    }
}

#[test]
fn what_changes_something_is_not_sent_without_a_credential() {
    let used = using("http://127.0.0.1:1", Credential::None);
    let error = ask(&used, &Request::new(Method::Post, "/".into()), 0).err().unwrap();
    assert_eq!(
        error.to_string(),
        "only a GET is sent without the credential of `http://127.0.0.1:1`"
    );
    assert_eq!(used.dials.count(), 0);
}

#[test]
fn there_are_never_many_of_them_and_never_old_ones() {
    let cache = tempfile::tempdir().unwrap();
    let server = Server::saying([answer("200 OK", &[], "x")]);
    let used = as_provider("a", &server, cache.path());
    let folder = cache.path().join("answers");
    let count = || std::fs::read_dir(&folder).unwrap().count();
    for number in 0..limits::KEPT + 3 {
        ask(&used, &get(&format!("/{number}")), 60).unwrap();
    }
    assert_eq!(count(), limits::KEPT);
    let old = std::time::SystemTime::now() - limits::KEPT_AGE - Duration::from_secs(1);
    for entry in std::fs::read_dir(&folder).unwrap() {
        let file = std::fs::File::options().write(true).open(entry.unwrap().path()).unwrap();
        file.set_modified(old).unwrap();
    }
    ask(&used, &get("/new"), 60).unwrap();
    assert_eq!(count(), 1);
}

#[test]
fn a_damaged_one_or_one_that_cannot_be_kept_is_asked_for_again() {
    let cache = tempfile::tempdir().unwrap();
    let server = Server::saying([answer("200 OK", &[], "x")]);
    let used = as_provider("a", &server, cache.path());
    ask(&used, &get("/"), 60).unwrap();
    let entry = std::fs::read_dir(cache.path().join("answers")).unwrap().next().unwrap();
    std::fs::write(entry.unwrap().path(), "{").unwrap();
    assert_eq!(ask(&used, &get("/"), 60).unwrap(), said("x"));
    let nowhere = cache.path().join("file");
    std::fs::write(&nowhere, "").unwrap();
    let used = as_provider("a", &server, &nowhere);
    assert_eq!(ask(&used, &get("/"), 60).unwrap(), said("x"));
    assert_eq!(server.seen().len(), 3);
}
