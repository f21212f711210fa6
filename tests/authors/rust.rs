//! The project in Rust that `provider new` writes: it builds untouched, and its provider
//! works.

use support::{Context, cargo, core_module, get, httpd_image};

#[test]
fn a_new_project_in_rust_builds_untouched_and_its_provider_runs_a_session() {
    let context = Context::in_memory();
    let project = context.project("analysis");
    let folder = context.folder().join("my-engine");
    let made = context.renku(context.folder(), &["session", "provider", "new", "my-engine"]);
    insta::assert_snapshot!(made.run().snapshot(), @r"
    exit status: 0
    --- stdout
    my-engine
    --- stderr
    Created the provider `my-engine`; `README.md` in `my-engine` explains how to build and test it
    ");
    let module = core_module(&folder, "my_engine");
    for check in [
        &["fmt", "--check", "--package", "my-engine"][..],
        &["clippy", "--release", "--target", "wasm32-unknown-unknown", "--", "-D", "warnings"],
        &["test"],
    ] {
        let output = cargo(&folder, check);
        assert!(output.status.success(), "{check:?}: {}", String::from_utf8_lossy(&output.stderr));
    }

    let pack = ["session", "provider", "pack", module.to_str().unwrap()];
    let _ = context.renku(&folder, &pack).run().success();
    let file = folder.join("my-engine.wasm").display().to_string();
    let _ = project.session(&["provider", "test", &file]).success();
    let config = context.config("port: 8080\n");
    let started = project.start(&[
        "-p",
        &file,
        "--image",
        &httpd_image(),
        "-c",
        &config,
        "--default-url",
        "/index.html",
    ]);
    let url = started["url"].as_str().unwrap();
    assert!(url.contains("/index.html?token="), "{url}");
    assert_eq!(started["status"], "running");
    assert_eq!(get(url).status, 200);
    let name = started["name"].as_str().unwrap();
    let list = project.session(&["ls", "-p", &file, "--format", "json"]).success().json();
    assert_eq!(list["sessions"][0]["name"], name);
    let _ = project.session(&["logs", "-p", &file, name]).success();
    let _ = project.session(&["stop", "-p", &file, name]).success();
    assert_eq!(project.containers(), Vec::<String>::new());
    // What the sandbox does not have is found while it is written.
    let source = folder.join("src/lib.rs");
    let text = std::fs::read_to_string(&source).unwrap();
    let wrong = "pub fn wrong() {\n    println!(\"{:?}\", std::env::var(\"HOME\"));\n    \
                 let _ = (std::time::SystemTime::now(), std::fs::read(\"x\"));\n}\n";
    std::fs::write(&source, format!("{text}\n{wrong}")).unwrap();
    let output = cargo(&folder, &["clippy", "--release", "--target", "wasm32-unknown-unknown"]);
    let said = String::from_utf8_lossy(&output.stderr);
    for what in ["std::println", "std::env::var", "std::time::SystemTime::now", "std::fs::read"] {
        assert!(said.contains(&format!("`{what}`")), "{what} is not in\n{said}");
    }
}
