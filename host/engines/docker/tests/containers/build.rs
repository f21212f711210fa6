//! Building and finding images.

use std::collections::BTreeMap;
use std::time::Duration;

use renku_session_contract::ContainersError;
use renku_session_domain::{Diagnostic, ErrorKind, ImageState};

use crate::fixture::Fixture;

impl Fixture {
    fn write(&self, path: &str, content: &str) {
        std::fs::write(self.project.path().join(path), content).expect("write");
    }

    async fn build(&self, tag: &str) -> Result<String, ContainersError> {
        let image = format!("{}:{tag}", self.name);
        let labels = BTreeMap::from([("org.example".to_owned(), "yes".to_owned())]);
        let root = self.project.path();
        self.containers().build(root, "Dockerfile", &image, &labels).await.map(|()| image)
    }
}

#[tokio::test]
async fn an_image_is_built_of_what_is_not_ignored() {
    let fixture = Fixture::new("build").await;
    let containers = fixture.containers();
    fixture.write(".dockerignore", "secret\n");
    fixture.write("secret", "x");
    fixture.write("script", "echo hello");
    fixture.write(
        "Dockerfile",
        &format!(
            "FROM {}\nCOPY . /app\nRUN ls -A /app && ! ls /app/secret\nEXPOSE 9000\n",
            fixture.image
        ),
    );
    let image = fixture.build("b").await.expect("build");
    assert_eq!(containers.image_state(&image).await.expect("state"), ImageState::Local);
    let config = containers.image_config(&image).await.expect("config");
    assert_eq!(config.exposed_ports, [9000]);
    assert_eq!(config.labels.get("io.renku.session.project"), Some(&fixture.name));
    assert_eq!(config.labels.get("org.example").map(String::as_str), Some("yes"));
    assert_eq!(fixture.on_engine().await, Vec::<String>::new(), "no container of a step is left");
}

#[tokio::test]
async fn a_failing_step_is_named_with_its_output_and_leaves_no_container() {
    let fixture = Fixture::new("step").await;
    let dockerfile = format!("FROM {}\nRUN seq 1 30 && false\n", fixture.image);
    fixture.write("Dockerfile", &dockerfile);
    let error = fixture.build("b").await.expect_err("fails");
    assert_eq!(
        error.to_string(),
        format!("building `{}:b` failed at step 2: `RUN seq 1 30 && false`", fixture.name)
    );
    let mut causes = error.causes();
    let reason = causes.pop().expect("the builder's words");
    let expected: Vec<String> = (11..=30).map(|line| line.to_string()).collect();
    assert_eq!(causes, expected);
    assert_eq!(reason, "it ended with exit status 1");
    assert_eq!(fixture.on_engine().await, Vec::<String>::new());

    fixture.write("Dockerfile", "FORM x\n");
    let error = fixture.build("b").await.expect_err("no instruction");
    assert_eq!(error.to_string(), format!("building `{}:b` failed", fixture.name));
    assert_eq!(error.causes(), ["dockerfile parse error line 1: unknown instruction: FORM"]);
}

#[tokio::test]
async fn a_cache_mount_needs_buildkit_and_gets_it() {
    let fixture = Fixture::new("cache").await;
    let dockerfile = format!(
        "FROM {} AS first\nRUN --mount=type=cache,target=/cache touch /cache/x && touch /made\n\
         FROM {}\nARG GREETING\nCOPY --from=first /made /made\nRUN echo $GREETING > /greeting\n",
        fixture.image, fixture.image
    );
    fixture.write("Dockerfile", &dockerfile);
    let image = fixture.build("b").await.expect("build");
    let config = fixture.containers().image_config(&image).await.expect("config");
    assert_eq!(config.labels.get("org.example").map(String::as_str), Some("yes"));
}

#[tokio::test]
async fn a_base_image_that_nobody_has_is_named() {
    let fixture = Fixture::new("base").await;
    fixture.write("Dockerfile", "FROM localhost:1/not/there:1\n");
    let error = fixture.build("b").await.expect_err("no base");
    assert_eq!(
        error.to_string(),
        format!(
            "building `{}:b` failed: its base image `localhost:1/not/there:1` cannot be fetched",
            fixture.name
        )
    );
    assert!(error.causes()[0].contains("connection refused"), "{:?}", error.causes());
}

#[tokio::test]
async fn a_build_that_is_dropped_ends_on_the_engine_too() {
    let fixture = Fixture::new("cancel").await;
    fixture.write("Dockerfile", &format!("FROM {}\nRUN sleep 600\n", fixture.image));
    let build = tokio::time::timeout(Duration::from_secs(2), fixture.build("b")).await;
    assert!(build.is_err(), "it was still building");
    for _ in 0..100 {
        if fixture.on_engine().await.is_empty() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("still there: {:?}", fixture.on_engine().await);
}

#[tokio::test]
async fn a_registry_that_does_not_answer_is_named() {
    let fixture = Fixture::new("pull").await;
    let error = fixture.containers().pull("localhost:1/a/b:c").await.expect_err("no registry");
    assert_eq!(error.kind(), ErrorKind::Unavailable);
    assert_eq!(
        error.to_string(),
        "the registry of the image `localhost:1/a/b:c` cannot be reached"
    );
}
