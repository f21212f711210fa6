//! How the session's program runs, and what becomes of its container.

use bollard::models::HostConfigIsolationEnum as Isolation;

use super::EngineOptions;
use super::environment;
use super::option::{Danger, EngineOption as Row};
use super::surroundings::Surroundings;
use super::values::push;

pub(super) const ROWS: &[Row] = &[
    Row::parsed(
        "env",
        "VAR[=VALUE]",
        "OMP_NUM_THREADS=4",
        "Set an environment variable; `VAR` alone takes its value from your environment",
        environment::variable,
    )
    .many(),
    Row::parsed(
        "env-file",
        "FILE",
        "variables.env",
        "Set the environment variables in a file of VAR=VALUE lines",
        environment::file,
    )
    .many(),
    Row::text("user", "USER[:GROUP]", "1000:100", "Run as this user of the image", |it, text| {
        it.user = Some(text);
    })
    .danger(Danger::Always),
    Row::text("group-add", "GROUP", "video", "Be in one more group", |it, text| {
        push(&mut it.host.group_add, text);
    })
    .many()
    .danger(Danger::Always),
    Row::text("entrypoint", "PROGRAM", "/usr/bin/tini", "Instead of the image's", |it, text| {
        it.body.entrypoint = Some(vec![text]);
    }),
    Row::flag("init", "Reap processes in the session (always so)", |it| {
        it.host.init = Some(true);
    }),
    Row::flag("interactive", "Keep standard input open", |it| {
        it.body.open_stdin = Some(true);
    }),
    Row::flag("tty", "Give the program a terminal", |it| {
        it.body.tty = Some(true);
    }),
    Row::flag("rm", "The engine removes the session when it ends, with its log", |it| {
        it.host.auto_remove = Some(true);
    }),
    Row::text("stop-signal", "SIGNAL", "SIGINT", "What asks the program to end", |it, text| {
        it.body.stop_signal = Some(text);
    }),
    Row::text(
        "platform",
        "OS/ARCHITECTURE",
        "linux/amd64",
        "For which machine the image is",
        |it, text| {
            it.platform = Some(text);
        },
    ),
    Row::text("runtime", "NAME", "runc", "The engine's program that runs it", |it, text| {
        it.host.runtime = Some(text);
    })
    .danger(Danger::Always),
    Row::text("cgroup-parent", "PATH", "/renku", "The control group above it", |it, text| {
        it.host.cgroup_parent = Some(text);
    })
    .danger(Danger::Always),
    Row::parsed("isolation", "KIND", "default", "How it is isolated (Windows engines)", isolation),
    Row::text(
        "ipc",
        "MODE",
        "private",
        "With whom it shares memory: `private`, `host`",
        |it, text| {
            it.host.ipc_mode = Some(text);
        },
    )
    .danger(Danger::When(|mode| mode != "private" && mode != "none")),
];

fn isolation(it: &mut EngineOptions, text: &str, _: &Surroundings<'_>) -> Result<(), String> {
    it.host.isolation = Some(match text {
        "default" => Isolation::DEFAULT,
        "process" => Isolation::PROCESS,
        "hyperv" => Isolation::HYPERV,
        _ => return Err("it is `default`, `process` or `hyperv`".to_owned()),
    });
    // Every engine knows `default`.
    if text != "default" {
        it.unavailable.push(("isolation", super::limits::WINDOWS));
    }
    Ok(())
}
