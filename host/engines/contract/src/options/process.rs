//! How the session's program runs, and what becomes of its container.

use super::caller::Caller;
use super::environment;
use super::option::{Danger, EngineOption as Row};
use super::{EngineOptions, Isolation};

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
    Row::text("group-add", "GROUP", "video", "Add the user to one more group", |it, text| {
        it.run.group_add.push(text);
    })
    .many()
    .danger(Danger::Always),
    Row::text(
        "entrypoint",
        "PROGRAM",
        "/usr/bin/tini",
        "Replace the image's entrypoint",
        |it, text| {
            it.entrypoint = Some(text);
        },
    ),
    Row::parsed(
        "init",
        "BOOL",
        "true",
        "Whether the engine's own first process reaps others [default: unless the image has one]",
        init,
    )
    .bare("true"),
    Row::flag("interactive", "Keep standard input open", |it| {
        it.run.interactive = true;
    }),
    Row::flag("tty", "Give the program a terminal", |it| {
        it.run.tty = true;
    }),
    Row::flag("rm", "The engine removes the session when it ends, with its log", |it| {
        it.run.rm = true;
    }),
    Row::text(
        "stop-signal",
        "SIGNAL",
        "SIGINT",
        "The signal that asks the program to end",
        |it, text| {
            it.run.stop_signal = Some(text);
        },
    ),
    Row::text(
        "platform",
        "OS/ARCHITECTURE",
        "linux/amd64",
        "The platform of the image, such as linux/arm64",
        |it, text| {
            it.run.platform = Some(text);
        },
    ),
    Row::text("runtime", "NAME", "runc", "The engine's runtime for it", |it, text| {
        it.run.runtime = Some(text);
    })
    .danger(Danger::Always),
    Row::text("cgroup-parent", "PATH", "/renku", "The parent control group", |it, text| {
        it.run.cgroup_parent = Some(text);
    })
    .danger(Danger::Always),
    Row::parsed(
        "isolation",
        "KIND",
        "default",
        "The isolation technology (Windows engines)",
        isolation,
    ),
    Row::text(
        "ipc",
        "MODE",
        "private",
        "Whose shared memory it uses: `private`, `host`",
        |it, text| {
            it.run.ipc = Some(text);
        },
    )
    .danger(Danger::When(|mode| mode != "private" && mode != "none")),
];

fn init(it: &mut EngineOptions, text: &str, _: &Caller<'_>) -> Result<(), String> {
    it.init = match text {
        "true" | "1" => Some(true),
        "false" | "0" => Some(false),
        _ => return Err("it is `true` or `false`".to_owned()),
    };
    Ok(())
}

fn isolation(it: &mut EngineOptions, text: &str, _: &Caller<'_>) -> Result<(), String> {
    it.run.isolation = Some(match text {
        "default" => Isolation::Default,
        "process" => Isolation::Process,
        "hyperv" => Isolation::Hyperv,
        _ => return Err("it is `default`, `process` or `hyperv`".to_owned()),
    });
    // Every engine knows `default`.
    if text != "default" {
        it.unavailable.push(("isolation", super::limits::WINDOWS));
    }
    Ok(())
}
