//! What `provider test` prints, whole: for providers that pass, for one that does
//! not, and for one whose web service nobody described.

use std::path::{Path, PathBuf};

use support::{Context, fixture};

use super::{breaking, shown, test};

/// What the service of the provider `renkulab` answers.
fn exchanges() -> String {
    let file: PathBuf =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/conformance/renkulab.json");
    file.display().to_string()
}

#[test]
fn a_provider_that_keeps_the_rules_passes() {
    let context = Context::without_engine();
    let project = context.project("analysis");
    let run = test(&project, &[&fixture("breaking")]);
    insta::assert_snapshot!(shown(&run), @r"
    exit status: 0
    --- stdout
    CHECK               RESULT  DETAIL
    file                passed  breaking 0.1.0
    imports             passed  containers, http
    identity            passed
    list-empty          passed
    start               passed
    list                passed
    url                 passed
    stop                passed
    stop-twice          passed
    stop-all            passed
    stop-nothing        passed
    unknown-session     passed
    error-words         passed
    all-projects        passed
    two-projects        passed
    no-wait             passed
    reads-only          passed
    created             passed
    failed-start        passed  3 ways to fail
    cancel              passed
    cancel-list         passed
    two-sessions        passed
    name                passed
    resources           passed
    find-image          passed
    build-image         passed
    early-end           passed
    ended-session       passed
    engine-unavailable  passed
    engine-denied       passed
    not-granted         passed
    login-missing       passed
    access-denied       passed
    server-error        passed
    connection-cut      passed
    garbage-answer      passed
    config              passed  8 configurations
    bare-project        passed
    plain-name          passed
    pause               passed
    logs                passed
    logs-end            passed
    details             passed
    memory              passed  [N] MiB
    cpu                 passed  [N] ms
    --- stderr
    45 passed, 0 failed, 0 skipped, in [SECONDS]
    ");
}

#[test]
fn what_fails_is_named_with_its_reason() {
    let context = Context::without_engine();
    let project = context.project("analysis");
    let run = test(&project, &[&breaking(&context, "stop")]);
    insta::assert_snapshot!(shown(&run), @r"
    exit status: 1
    --- stdout
    CHECK               RESULT   DETAIL
    file                passed   breaking 0.1.0
    imports             passed   containers, http
    identity            passed
    list-empty          passed
    start               passed
    list                passed
    url                 passed
    stop                failed   the container `analysis-[ID]` is still there
    stop-twice          skipped  it needs `stop`, which failed
    stop-all            skipped  it needs `stop`, which failed
    stop-nothing        passed
    unknown-session     passed
    error-words         passed
    all-projects        passed
    two-projects        passed
    no-wait             passed
    reads-only          passed
    created             passed
    failed-start        skipped  it needs `stop`, which failed
    cancel              skipped  it needs `stop`, which failed
    cancel-list         passed
    two-sessions        passed
    name                passed
    resources           passed
    find-image          passed
    build-image         passed
    early-end           passed
    ended-session       skipped  it needs `stop`, which failed
    engine-unavailable  passed
    engine-denied       passed
    not-granted         passed
    login-missing       passed
    access-denied       passed
    server-error        passed
    connection-cut      passed
    garbage-answer      passed
    config              skipped  it needs `stop`, which failed
    bare-project        passed
    plain-name          passed
    pause               passed
    logs                passed
    logs-end            passed
    details             passed
    memory              passed   [N] MiB
    cpu                 passed   [N] ms
    --- stderr
    38 passed, 1 failed, 6 skipped, in [SECONDS]
    `stop` requires: `session-stop` answers true, and the session is gone
      because a user who stops a session stops paying for it
    hint: `--check ID` runs one check alone
    ");
}

#[test]
fn the_bundled_provider_docker_passes_without_an_engine() {
    let context = Context::without_engine();
    let project = context.project("analysis");
    let run = context.renku(project.root(), &["session", "provider", "test", "docker"]);
    // There is nothing behind this address.
    let run = run.env("DOCKER_HOST", "unix:///nonexistent/docker.sock").run();
    insta::assert_snapshot!(shown(&run), @r"
    exit status: 0
    --- stdout
    CHECK               RESULT   DETAIL
    file                passed   docker 0.1.0
    imports             passed   containers
    identity            passed
    list-empty          passed
    start               passed
    list                passed
    url                 passed
    stop                passed
    stop-twice          passed
    stop-all            passed
    stop-nothing        passed
    unknown-session     passed
    error-words         passed
    all-projects        passed
    two-projects        passed
    no-wait             passed
    reads-only          passed
    created             passed
    failed-start        passed   4 ways to fail
    cancel              passed
    cancel-list         passed
    two-sessions        passed
    name                passed
    resources           passed
    find-image          passed
    build-image         passed
    early-end           passed
    ended-session       passed
    engine-unavailable  passed
    engine-denied       passed
    not-granted         passed
    login-missing       skipped  it does not use a web service
    access-denied       skipped  it does not use a web service
    server-error        skipped  it does not use a web service
    connection-cut      skipped  it does not use a web service
    garbage-answer      skipped  it does not use a web service
    config              passed   49 configurations
    bare-project        passed
    plain-name          passed
    pause               passed
    logs                passed
    logs-end            passed
    details             skipped  it does not export `details`
    memory              passed   [N] MiB
    cpu                 passed   [N] ms
    --- stderr
    39 passed, 0 failed, 6 skipped, in [SECONDS]
    ");
}

#[test]
fn a_web_service_nobody_described_is_no_failure() {
    let context = Context::without_engine();
    let project = context.project("analysis");
    let run = test(&project, &["renkulab"]);
    insta::assert_snapshot!(shown(&run), @r"
    exit status: 0
    --- stdout
    CHECK               RESULT   DETAIL
    file                passed   renkulab 0.1.0
    imports             passed   http, prompt, repository
    identity            passed
    list-empty          skipped  it uses a web service (`GET /api/data/sessions`), whose answers only you know: add `--exchanges FILE`
    start               skipped  it uses a web service (`GET /api/data/version`), whose answers only you know: add `--exchanges FILE`
    list                skipped  it needs `start`, which was skipped
    url                 skipped  it needs `start`, which was skipped
    stop                skipped  it needs `start`, which was skipped
    stop-twice          skipped  it needs `stop`, which was skipped
    stop-all            skipped  it needs `stop`, which was skipped
    stop-nothing        skipped  it needs `list-empty`, which was skipped
    unknown-session     passed
    error-words         passed
    all-projects        skipped  it needs `list`, which was skipped
    two-projects        skipped  it needs `start`, which was skipped
    no-wait             skipped  it needs `start`, which was skipped
    reads-only          skipped  it needs `list`, which was skipped
    created             skipped  it needs `start`, which was skipped
    failed-start        skipped  it needs `created`, which was skipped
    cancel              skipped  it needs `created`, which was skipped
    cancel-list         passed
    two-sessions        skipped  it needs `start`, which was skipped
    name                skipped  it needs `start`, which was skipped
    resources           skipped  it needs `start`, which was skipped
    find-image          skipped  it starts no containers
    build-image         skipped  it starts no containers
    early-end           skipped  it needs `start`, which was skipped
    ended-session       skipped  it needs `list`, which was skipped
    engine-unavailable  skipped  it does not use an engine
    engine-denied       skipped  it does not use an engine
    not-granted         passed
    login-missing       passed
    access-denied       passed
    server-error        passed
    connection-cut      passed
    garbage-answer      passed
    config              skipped  it needs `start`, which was skipped
    bare-project        skipped  it needs `start`, which was skipped
    plain-name          skipped  it needs `bare-project`, which was skipped
    pause               skipped  it needs `list`, which was skipped
    logs                skipped  it needs `start`, which was skipped
    logs-end            skipped  it needs `logs`, which was skipped
    details             skipped  it needs `start`, which was skipped
    memory              skipped  it needs `start`, which was skipped
    cpu                 skipped  it needs `start`, which was skipped
    --- stderr
    12 passed, 0 failed, 33 skipped, in [SECONDS]
    ");
}

#[test]
fn a_provider_of_a_described_web_service_is_tested_whole() {
    let context = Context::without_engine();
    let project = context.project("analysis");
    let run = test(&project, &["renkulab", "--exchanges", &exchanges()]);
    insta::assert_snapshot!(shown(&run), @r"
    exit status: 0
    --- stdout
    CHECK               RESULT   DETAIL
    file                passed   renkulab 0.1.0
    imports             passed   http, prompt, repository
    identity            passed
    list-empty          passed
    start               passed
    list                passed
    url                 passed
    stop                passed
    stop-twice          passed
    stop-all            passed
    stop-nothing        passed
    unknown-session     passed
    error-words         passed
    all-projects        passed
    no-wait             skipped  it starts no containers
    reads-only          skipped  it starts no containers
    created             passed
    failed-start        passed   7 ways to fail
    cancel              passed
    cancel-list         passed
    two-sessions        skipped  it starts no containers
    name                skipped  it starts no containers
    resources           skipped  it starts no containers
    find-image          skipped  it starts no containers
    build-image         skipped  it starts no containers
    early-end           skipped  it starts no containers
    ended-session       skipped  it starts no containers
    engine-unavailable  skipped  it does not use an engine
    engine-denied       skipped  it does not use an engine
    not-granted         passed
    login-missing       passed
    access-denied       passed
    server-error        passed
    connection-cut      passed
    garbage-answer      passed
    config              passed   18 configurations
    bare-project        passed   it says: http://127.0.0.1:[PORT] cannot list your projects
    plain-name          skipped  it starts no session in such a project
    pause               passed
    logs                passed
    logs-end            passed
    memory              passed   [N] MiB
    cpu                 passed   [N] ms
    --- stderr
    31 passed, 0 failed, 12 skipped, in [SECONDS]
    ");
}
