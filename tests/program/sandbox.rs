//! What a provider must not do with containers of an engine.

use support::{Context, Foreign, fixture};

#[test]
fn a_container_of_somebody_else_does_not_exist_for_a_provider() {
    let context = Context::docker();
    let project = context.project("analysis");
    let foreign = Foreign::start(&[]);
    let short = &foreign.id[..12];
    for name in [foreign.name.as_str(), &foreign.id, short] {
        let config = context.config(&format!("do: foreign\nname: \"{name}\"\n"));
        let run =
            project.session(&["ls", "--yes", "-p", &fixture("hostile"), "-c", &config]).success();
        insta::allow_duplicates! {
            insta::assert_snapshot!(run.snapshot(), @r"
            exit status: 0
            --- stdout
            --- stderr
            [file:[DIGEST]] warning: foreign inspect: ErrorKind::NotFound
            [file:[DIGEST]] warning: foreign pause: ErrorKind::NotFound
            [file:[DIGEST]] warning: foreign resume: ErrorKind::NotFound
            [file:[DIGEST]] warning: foreign wait-ready: ErrorKind::NotFound
            [file:[DIGEST]] warning: foreign stop: ErrorKind::NotFound
            [file:[DIGEST]] warning: foreign listed: false
            This project has no sessions; `renku session start` starts one
            ");
        }
    }
    assert!(foreign.runs());
}
