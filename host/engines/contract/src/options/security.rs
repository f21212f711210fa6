//! Rights and devices.

use super::caller::Caller;
use super::option::{Danger, EngineOption as Row};
use super::{Device, EngineOptions};

pub(super) const ROWS: &[Row] = &[
    Row::flag("without-token", "Accept a session whose Jupyter needs no token", |it| {
        it.without_token = true;
    }),
    Row::flag("privileged", "Give it all privileges of the engine, and all devices", |it| {
        it.run.privileged = true;
    })
    .danger(Danger::Always),
    Row::text(
        "cap-add",
        "CAPABILITY",
        "SYS_PTRACE",
        "Add a privilege of capabilities(7)",
        |it, text| {
            it.run.cap_add.push(text);
        },
    )
    .many()
    .danger(Danger::Always),
    Row::text("cap-drop", "CAPABILITY", "NET_RAW", "Take one away", |it, text| {
        it.run.cap_drop.push(text);
    })
    .many(),
    Row::parsed(
        "security-opt",
        "OPTION",
        "no-new-privileges",
        "A security option, `seccomp=FILE` for a profile",
        security_option,
    )
    .many()
    .danger(Danger::When(|text| !text.starts_with("no-new-privileges"))),
    Row::parsed(
        "device",
        "HOST[:CONTAINER[:rwm]]",
        "/dev/fuse",
        "Give a device to the session",
        device,
    )
    .many()
    .danger(Danger::Always),
    Row::parsed(
        "device-cgroup-rule",
        "RULE",
        "c 42:* rmw",
        "Allow a kind of devices",
        device_cgroup_rule,
    )
    .many()
    .danger(Danger::Always),
];

/// Docker's command line reads seccomp profiles; the engine wants their text.
fn security_option(it: &mut EngineOptions, text: &str, around: &Caller<'_>) -> Result<(), String> {
    if text.is_empty() {
        return Err("the value is missing".to_owned());
    }
    if text == "systempaths=unconfined" {
        it.run.system_paths_unconfined = true;
        return Ok(());
    }
    let option = match text.strip_prefix("seccomp=") {
        None | Some("unconfined" | "builtin") => text.to_owned(),
        Some(file) => {
            let profile: serde_json::Value = serde_json::from_str(&around.read(file)?)
                .map_err(|error| format!("the profile is not JSON: {error}"))?;
            format!("seccomp={profile}")
        }
    };
    it.run.security_opt.push(option);
    Ok(())
}

fn device(it: &mut EngineOptions, text: &str, around: &Caller<'_>) -> Result<(), String> {
    let parts: Vec<&str> = text.split(':').collect();
    let is_mode = |mode: &str| !mode.is_empty() && mode.chars().all(|c| "rwm".contains(c));
    let (host, container, mode) = match parts.as_slice() {
        [host] => (*host, *host, "rwm"),
        [host, mode] if is_mode(mode) => (*host, *host, *mode),
        [host, container] => (*host, *container, "rwm"),
        [host, container, mode] if is_mode(mode) => (*host, *container, *mode),
        _ => return Err("the rights are a combination of `r`, `w` and `m`".to_owned()),
    };
    if !host.starts_with('/') || !container.starts_with('/') {
        return Err("the path of a device must be absolute".to_owned());
    }
    around.existing(host)?;
    let (host, container) = (host.to_owned(), container.to_owned());
    it.run.device.push(Device { host, container, rights: mode.to_owned() });
    Ok(())
}

/// `<a|b|c> <major|*>:<minor|*> <rwm>` (cgroup-v1/devices.rst).
fn device_cgroup_rule(it: &mut EngineOptions, text: &str, _: &Caller<'_>) -> Result<(), String> {
    let number = |text: &str| text == "*" || text.parse::<u32>().is_ok();
    let words: Vec<&str> = text.split_whitespace().collect();
    let valid = match words.as_slice() {
        [kind, numbers, rights] => {
            ["a", "b", "c"].contains(kind)
                && numbers.split_once(':').is_some_and(|(a, b)| number(a) && number(b))
                && rights.chars().all(|c| "rwm".contains(c))
        }
        _ => false,
    };
    if !valid {
        return Err("this is not a valid rule".to_owned());
    }
    it.run.device_cgroup_rule.push(words.join(" "));
    Ok(())
}
