//! Inside of Windows (WSL) the browser of Windows opens.

use std::time::{Duration, Instant};

use support::{Context, fixture};

/// A program of Windows, as far as Linux can tell: it writes down how it was called.
fn program(folder: &std::path::Path, name: &str) {
    std::fs::create_dir_all(folder).unwrap();
    let path = folder.join(name);
    let script = "#!/bin/sh\nprintf '%s|' \"${0##*/}\" \"$@\" > \"${0%/*}/seen.new\"\nmv \"${0%/*}/seen.new\" \"${0%/*}/seen\"\n";
    std::fs::write(&path, script).unwrap();
    support::executable(&path);
}

/// What was opened by `session open` with these programs of Windows.
fn opened(programs: &[&str]) -> String {
    let context = Context::without_engine();
    let project = context.project("analysis");
    let folder = context.folder().join("windows");
    for name in programs {
        program(&folder, name);
    }
    let path = std::env::var("PATH").unwrap();
    let _ = project
        .renku(&["session", "open", "-p", &fixture("hibernating"), "hibernating-1"])
        .env("WSL_DISTRO_NAME", "Debian")
        .env("PATH", format!("{}:{path}", folder.display()))
        .run()
        .success();
    let seen = folder.join("seen");
    let begin = Instant::now();
    while !seen.exists() && begin.elapsed().as_secs() < 60 {
        std::thread::sleep(Duration::from_millis(10));
    }
    std::fs::read_to_string(seen).unwrap()
}

#[test]
fn wslview_opens_it_where_it_is_installed() {
    let url = "http://127.0.0.1:8888/hibernating-1";
    assert_eq!(opened(&["wslview", "rundll32.exe"]), format!("wslview|{url}|"));
}

#[test]
fn every_windows_has_a_program_that_opens_it() {
    let url = "http://127.0.0.1:8888/hibernating-1";
    assert_eq!(
        opened(&["rundll32.exe"]),
        format!("rundll32.exe|url.dll,FileProtocolHandler|{url}|")
    );
}
