use super::pattern::Pattern;

#[test]
fn a_pattern_is_a_method_and_a_path() {
    let is = |pattern: &str, line: &str| Pattern::new(pattern).is_of(line);
    assert!(is("POST /build", "POST /build?version=2 HTTP/1.1"));
    assert!(is("POST /build", "POST /v1.41/build HTTP/1.1"));
    assert!(!is("POST /build", "POST /build/prune HTTP/1.1"));
    assert!(!is("POST /build", "GET /build HTTP/1.1"));
    assert!(is("* /containers/*/start", "POST /containers/a1/start HTTP/1.1"));
    assert!(!is("* /containers/*/start", "POST /containers/a1/b/start HTTP/1.1"));
    assert!(is("GET /images/**/json", "GET /images/renku-test/httpd:latest/json HTTP/1.1"));
    assert!(is("GET /images/**/json", "GET /images/json HTTP/1.1"));
    assert!(is("* /**", "DELETE /volumes/a?force=true HTTP/1.1"));
    assert!(!is("GET /volumes", "GET /volumes/a HTTP/1.1"));
}
