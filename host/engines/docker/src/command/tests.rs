use std::net::{IpAddr, Ipv6Addr};

use super::client::client;
use super::*;
use crate::contract::{HostPort, RunOptions};
use crate::domain::Transport;
use crate::images::Owner;

fn line(run: &RunSpec, is_podman: bool) -> Option<Vec<String>> {
    let client = client(&[if is_podman { "podman" } else { "docker" }], is_podman);
    let command = command(run, &client)?;
    Some(command.groups.into_iter().flatten().collect())
}

fn words(text: &str) -> Vec<String> {
    text.split_whitespace().map(str::to_owned).collect()
}

fn spec() -> RunSpec {
    RunSpec { name: "a1".into(), image: "web:1".into(), ..RunSpec::default() }
}

#[test]
fn every_part_of_a_container_has_its_words() {
    let at = |address, port| HostPort { address, port };
    let run = RunSpec {
        command: Some(words("serve --all")),
        working_directory: Some("/work".into()),
        user: Some("1000:100".into()),
        environment: [("A".into(), "it's 1".into())].into(),
        labels: [("b".into(), String::new())].into(),
        ports: vec![
            Published { host: HostPort::FREE, container: 8888, protocol: Transport::Tcp },
            Published {
                host: at(IpAddr::V6(Ipv6Addr::LOCALHOST), Some(53)),
                container: 53,
                protocol: Transport::Udp,
            },
        ],
        project: Some(ProjectMount {
            target: "/work/a".into(),
            files: MountedFiles::Folder("/home/ann/a,\"b\"".into()),
            owner: Owner { uid: 0, gid: 0 },
        }),
        resources: Resources {
            cpu: Some(1.5),
            memory: Some(1 << 30),
            disk: Some(7),
            gpu: Some(Gpu::Devices(vec!["0".into(), "1".into()])),
        },
        options: RunOptions { init: true, hostname: Some("box".into()), ..RunOptions::default() },
        ..spec()
    };
    let expected = [
        &words("docker run --detach --name a1 --user 1000:100 --workdir /work --mount")[..],
        &[r#"type=bind,"source=/home/ann/a,""b""",target=/work/a"#.to_owned()],
        &words("--publish 127.0.0.1::8888/tcp --publish [::1]:53:53/udp --cpus 1.5"),
        &words("--memory 1073741824 --storage-opt size=7 --gpus \"device=0,1\" --init"),
        &words("--hostname box --env"),
        &["A=it's 1".to_owned()],
        &words("--label b= web:1 serve --all"),
    ];
    assert_eq!(line(&run, false).expect("a line"), expected.concat());
}

#[test]
fn an_entrypoint_of_several_words_makes_the_same_program() {
    let with = |entrypoint: &str, command: Option<&str>| RunSpec {
        entrypoint: Some(words(entrypoint)),
        command: command.map(words),
        ..spec()
    };
    let tail = |run: &RunSpec, is_podman| line(run, is_podman).map(|line| line[5..].join(" "));
    let run = with("tini -g --", Some("lab"));
    assert_eq!(tail(&run, false).as_deref(), Some("--entrypoint tini web:1 -g -- lab"));
    let podman = r#"--entrypoint ["tini","-g","--"] web:1 lab"#;
    assert_eq!(tail(&run, true).as_deref(), Some(podman));
    assert_eq!(tail(&with("", Some("lab")), false).as_deref(), Some("--entrypoint  web:1 lab"));
    assert_eq!(line(&with("", None), false), None);
}

#[test]
fn what_a_client_does_not_do_is_named() {
    let mut run = RunSpec {
        project: Some(ProjectMount {
            target: "/work/a".into(),
            files: MountedFiles::Volume("renku-a1".into()),
            owner: Owner { uid: 0, gid: 0 },
        }),
        ..spec()
    };
    let lacks = |run: &RunSpec| command(run, &client(&["docker"], false)).expect("a line").lacks;
    assert_eq!(lacks(&run), ["copy the project"]);
    if let Some(project) = &mut run.project {
        project.files = MountedFiles::Nowhere;
    }
    assert_eq!(lacks(&run), ["make the folder /work/a"]);
    assert!(lacks(&spec()).is_empty());
}
