//! What this engine cannot do of a session: each is an error, or with `--best-effort`
//! left out.

use std::path::Path;

use crate::contract::{ContainersError, Gaps, Reach, RunOptions, RunSpec, Volume};
use crate::domain::Transport;
use crate::group::Delegated;
use crate::image;
use crate::port;
use crate::runtime::Runtime;
use crate::scope;

/// Options that are done here, or that mean nothing and hold nothing back: the files of an
/// image are for reading alone in every session.
const KNOWN: [&str; 6] = ["init", "shm_size", "read_only", "runtime", "tmpfs", "volume"];

/// What cannot be done of this.
pub(crate) fn of(run: &RunSpec, runtime: Runtime) -> Result<Gaps, ContainersError> {
    let mut missing = Vec::new();
    missing.extend(options(&run.options).into_iter().map(|name| {
        let shown = run.typed.shown(&name).unwrap_or_else(|| format!("--{name}"));
        without(&format!("set `{shown}`"), &format!("leave out `--{name}`"))
    }));
    missing.extend(run.options.volume.iter().filter_map(volume));
    let user = if runtime.is_root_inside() { "" } else { "0:0" };
    if run.user.as_deref().is_some_and(|wanted| wanted != user && wanted != "0:0") {
        missing.push(without("run as another user than you", "leave out `--user`"));
    }
    ports(run)?;
    Ok(Gaps { missing, limits: limits(run), notes: notes() })
}

/// Limits that nobody keeps here.
fn limits(run: &RunSpec) -> Vec<(&'static str, ContainersError)> {
    let wanted = [("cpu", run.resources.cpu.is_some()), ("memory", run.resources.memory.is_some())];
    let is_some = wanted.iter().any(|(_, is_wanted)| *is_wanted);
    if !is_some || scope::is_here() || Delegated::own().is_some_and(|group| group.can_limit()) {
        return Vec::new();
    }
    let what = |name: &str| {
        without(
            &format!(
                "limit {name}: neither systemd nor a control group (cgroup v2) of yours is here"
            ),
            &format!("leave out `--{name}`"),
        )
    };
    wanted
        .into_iter()
        .filter(|(_, is_wanted)| *is_wanted)
        .map(|(name, _)| (name, what(name)))
        .collect()
}

/// What becomes of the session when its user logs out.
fn notes() -> Vec<String> {
    match (scope::is_here(), scope::lingers()) {
        (true, true) => Vec::new(),
        (true, false) => {
            vec!["Logging out ends the session; `loginctl enable-linger` keeps it".to_owned()]
        }
        (false, _) => vec![
            "Logging out may end the session: this computer has no systemd for its users"
                .to_owned(),
        ],
    }
}

/// Files of this machine are mounted; volumes are what an engine keeps.
fn volume(volume: &Volume) -> Option<ContainersError> {
    let source = Path::new(&volume.source);
    let shown = format!("`--volume {}:{}`", volume.source, volume.target);
    if !source.is_absolute() {
        return Some(without(
            &format!("set {shown}"),
            "name a folder of this computer by its path",
        ));
    }
    let is_there = source.metadata().is_ok_and(|it| it.is_dir() || it.is_file());
    (!is_there).then(|| without(&format!("set {shown}: there is no such folder"), "make it first"))
}

fn ports(run: &RunSpec) -> Result<(), ContainersError> {
    if Reach::of(run.options.network.as_deref()) == Reach::Nowhere {
        return Ok(());
    }
    let Some(tree) = image::find(&run.image)? else { return Ok(()) };
    let entrypoint = run.entrypoint.as_ref().unwrap_or(&tree.config.entrypoint);
    let command = match (&run.command, &run.entrypoint) {
        (Some(command), _) => command.as_slice(),
        (None, Some(_)) => &[],
        (None, None) => &tree.config.command,
    };
    let program: Vec<String> = entrypoint.iter().chain(command).cloned().collect();
    for published in &run.ports {
        let port = published.container;
        if published.protocol != Transport::Tcp || !published.host.address.is_loopback() {
            return Err(without(
                &format!("publish port {port} there"),
                "leave out the address and the protocol: sessions listen on 127.0.0.1",
            ));
        }
        if !port::can_move(&program, port) {
            return Err(without(
                &format!("tell `{}` another port than {port}", program.join(" ")),
                "write the port into the command of the session: `command` in a file for `--config`",
            ));
        }
    }
    Ok(())
}

/// The options that were typed and that are not known here.
fn options(run: &RunOptions) -> Vec<String> {
    let written = serde_json::to_value(run).unwrap_or_default();
    let names = written.as_object().into_iter().flatten().map(|(name, _)| name.as_str());
    let network = run.network.as_deref();
    let is_known = |name: &str| match name {
        // The network of this machine is what a session has anyway.
        "network" => matches!(network, Some("none" | "host")),
        name => KNOWN.contains(&name),
    };
    names.filter(|name| !is_known(name)).map(|name| name.replace('_', "-")).collect()
}

fn without(what: &str, hint: &str) -> ContainersError {
    ContainersError::Unsupported { what: what.to_owned(), hint: hint.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_option_that_is_not_known_is_a_gap() {
        let usual = RunOptions { init: true, shm_size: Some(1), ..RunOptions::default() };
        assert_eq!(options(&usual), Vec::<String>::new());
        let run = RunOptions { privileged: true, cap_add: vec!["ALL".into()], ..usual };
        assert_eq!(options(&run), ["privileged", "cap-add"]);
        let network = |name: &str| {
            options(&RunOptions { network: Some(name.into()), ..RunOptions::default() })
        };
        assert_eq!((network("none"), network("host")), (Vec::new(), Vec::new()));
        assert_eq!(network("team"), ["network"]);
    }

    #[test]
    fn a_folder_that_is_not_there_and_a_volume_by_name_are_gaps() {
        let gap = |source: &str| {
            let (source, target) = (source.to_owned(), "/data".to_owned());
            volume(&Volume { source, target, mode: None }).map(|error| error.to_string())
        };
        assert_eq!(gap("/"), None);
        assert_eq!(
            gap("data").unwrap(),
            "sessions on this engine cannot set `--volume data:/data`"
        );
        assert!(gap("/nonexistent").unwrap().ends_with("there is no such folder"));
    }
}
