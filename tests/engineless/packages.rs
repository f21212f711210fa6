//! Files that are no provider, or none for this version: each says what it is.

use std::path::PathBuf;

use support::{Context, Project, fixture};

fn ls(project: &Project<'_>, provider: &str) -> String {
    project.session(&["ls", "-p", provider]).snapshot()
}

/// A file beside the project.
fn file(context: &Context, name: &str, bytes: &[u8]) -> String {
    let path: PathBuf = context.folder().join(name);
    std::fs::write(&path, bytes).unwrap();
    path.display().to_string()
}

#[test]
fn an_import_that_nobody_offers_is_named() {
    let context = Context::without_engine();
    let project = context.project("analysis");
    insta::assert_snapshot!(ls(&project, &fixture("undeclared-import")), @r"
    exit status: 1
    --- stdout
    --- stderr
    error: provider `[FIXTURES]/undeclared-import.wasm` needs `renku:session/teleport@[API]`, which this `renku` does not have
    hint: update `renku`: the provider may be newer; for authors: import only interfaces of `renku:session@0.1`
    ");
}

#[test]
fn a_component_that_wants_wasi_gets_none() {
    let context = Context::without_engine();
    let project = context.project("analysis");
    insta::assert_snapshot!(ls(&project, &fixture("wasi-import")), @r"
    exit status: 1
    --- stdout
    --- stderr
    error: provider `[FIXTURES]/wasi-import.wasm` needs `wasi:cli/environment@0.2.3`: providers get no WASI
    hint: for authors: build Rust with `--target wasm32-unknown-unknown`, C with `clang --target=wasm32 -nostdlib`; give `componentize-py componentize` the option `-s`, and ComponentizeJS all of `disableFeatures`; see `docs/provider-guide.md`
    ");
}

#[test]
fn a_provider_of_another_api_says_which_one_it_speaks() {
    let context = Context::without_engine();
    let project = context.project("analysis");
    insta::assert_snapshot!(ls(&project, &fixture("future-track")), @r"
    exit status: 1
    --- stdout
    --- stderr
    error: provider `[FIXTURES]/future-track.wasm` needs API 0.2; this `renku` has 0.1
    hint: update `renku`, or ask the provider's author for a version for this API
    ");
}

#[test]
fn a_component_of_something_else_is_no_provider() {
    let context = Context::without_engine();
    let project = context.project("analysis");
    insta::assert_snapshot!(ls(&project, &fixture("not-a-provider")), @r"
    exit status: 2
    --- stdout
    --- stderr
    error: `[FIXTURES]/not-a-provider.wasm` is a component, but not a session provider
    hint: a provider is a `.wasm` component that exports `renku:session/provider`; see `docs/provider-guide.md`
    ");
}

#[test]
fn a_core_module_is_no_component() {
    let context = Context::without_engine();
    let project = context.project("analysis");
    // The shortest core module: magic number and version 1.
    let path = file(&context, "core.wasm", b"\0asm\x01\0\0\0");
    insta::assert_snapshot!(ls(&project, &path), @r"
    exit status: 2
    --- stdout
    --- stderr
    error: provider `[TEST]/core.wasm` is a core module, not a component
    hint: `renku session provider pack FILE` turns it into a provider
    ");
}

#[test]
fn a_file_that_was_cut_off_is_refused() {
    let context = Context::without_engine();
    let project = context.project("analysis");
    let whole = std::fs::read(fixture("recording")).unwrap();
    let path = file(&context, "cut.wasm", &whole[..whole.len() / 2]);
    insta::assert_snapshot!(ls(&project, &path), @r"
    exit status: 2
    --- stdout
    --- stderr
    error: provider `[TEST]/cut.wasm` is not a WebAssembly component
      unexpected end-of-file
    hint: a provider is a `.wasm` component that exports `renku:session/provider`; see `docs/provider-guide.md`
    ");
}

#[test]
fn a_file_that_is_too_large_is_not_parsed() {
    let context = Context::without_engine();
    let project = context.project("analysis");
    // Sparse: it takes no room.
    let path = file(&context, "large.wasm", b"\0asm\x0d\0\x01\0");
    std::fs::OpenOptions::new().write(true).open(&path).unwrap().set_len(17 << 20).unwrap();
    insta::assert_snapshot!(ls(&project, &path), @r"
    exit status: 2
    --- stdout
    --- stderr
    error: provider `[TEST]/large.wasm` is 17 MiB, more than the allowed 16 MiB
    hint: a provider is usually smaller than 1 MiB; is this the right file? If it is, set `RENKU_MAX_PROVIDER_SIZE=64Mi`
    ");
}

#[test]
fn a_text_or_nothing_is_no_component() {
    let context = Context::without_engine();
    let project = context.project("analysis");
    for bytes in [&b"name: my-provider\n"[..], b""] {
        let path = file(&context, "text.wasm", bytes);
        insta::allow_duplicates! {
            insta::assert_snapshot!(ls(&project, &path), @r"
            exit status: 2
            --- stdout
            --- stderr
            error: provider `[TEST]/text.wasm` is not a WebAssembly component
              it is not WebAssembly
            hint: a provider is a `.wasm` component that exports `renku:session/provider`; see `docs/provider-guide.md`
            ");
        }
    }
}

#[test]
fn a_missing_file_is_named() {
    let context = Context::without_engine();
    let project = context.project("analysis");
    let path = context.folder().join("missing.wasm").display().to_string();
    insta::assert_snapshot!(ls(&project, &path), @r"
    exit status: 2
    --- stdout
    --- stderr
    error: cannot read the provider `[TEST]/missing.wasm`
      No such file or directory (os error 2)
    hint: check the path
    ");
}
