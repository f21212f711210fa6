//! Answers of a real engine (20.10, shortened), and what becomes of them.

use std::collections::BTreeMap;

use super::*;

#[test]
fn a_row_of_the_list_becomes_a_container() {
    let summary: ContainerSummary = serde_json::from_str(
        r#"{"Id":"f0","Names":["/analysis-x1"],"Image":"analysis:1","Created":1763936000,
            "Ports":[{"PrivatePort":9000,"Type":"udp"},
                     {"IP":"127.0.0.1","PrivatePort":8888,"PublicPort":32768,"Type":"tcp"}],
            "Labels":{"a":"b"},"State":"exited","Status":"Exited (137) 5 minutes ago"}"#,
    )
    .expect("summary");
    assert_eq!(
        from_summary(summary).expect("a name"),
        Found {
            container: ContainerRef { id: "f0".into(), name: "analysis-x1".into() },
            image: "analysis:1".into(),
            image_id: None,
            state: ContainerState::Exited,
            labels: BTreeMap::from([("a".into(), "b".into())]),
            ports: vec![
                Port { container: 9000, host: None, host_ip: None, protocol: Transport::Udp },
                Port {
                    container: 8888,
                    host: Some(32768),
                    host_ip: Some("127.0.0.1".into()),
                    protocol: Transport::Tcp
                },
            ],
            reach: Reach::Published,
            mounts: Vec::new(),
            created_at: Some("2025-11-23T22:13:20Z".into()),
            exit_code: Some(137),
            out_of_memory: false,
            environment: Vec::new(),
            schedule: Schedule::default(),
            user: String::new(),
            working_directory: String::new(),
        }
    );
}

#[test]
fn inspect_tells_all() {
    let answer: ContainerInspectResponse = serde_json::from_str(
        r#"{"Id":"f0","Name":"/analysis-x1","Created":"2025-11-23T22:13:20.987654321Z",
            "State":{"Status":"exited","ExitCode":137,"OOMKilled":true},
            "Config":{"Image":"analysis:1","Env":["TOKEN=a=b","PATH=/bin","SECRET=x"],
                      "Labels":{"io.renku.session.environment":"HOST,TOKEN"}},
            "NetworkSettings":{"Ports":{"8888/tcp":[{"HostIp":"127.0.0.1","HostPort":"32768"}],
                                        "9000/tcp":null}},
            "HostConfig":{"NetworkMode":"host"},"Image":"sha256:1",
            "Mounts":[{"Source":"/home/ann/analysis"},{"Type":"tmpfs"}]}"#,
    )
    .expect("answer");
    let mut found = from_inspect(answer);
    found.ports.sort_by_key(|port| port.container);
    assert_eq!(
        found,
        Found {
            container: ContainerRef { id: "f0".into(), name: "analysis-x1".into() },
            image: "analysis:1".into(),
            image_id: Some("sha256:1".into()),
            state: ContainerState::Exited,
            labels: BTreeMap::from([("io.renku.session.environment".into(), "HOST,TOKEN".into())]),
            ports: vec![
                Port {
                    container: 8888,
                    host: Some(32768),
                    host_ip: Some("127.0.0.1".into()),
                    protocol: Transport::Tcp
                },
                Port { container: 9000, host: None, host_ip: None, protocol: Transport::Tcp },
            ],
            reach: Reach::Host,
            mounts: vec!["/home/ann/analysis".into()],
            created_at: Some("2025-11-23T22:13:20Z".into()),
            exit_code: Some(137),
            out_of_memory: true,
            environment: ["TOKEN=a=b", "PATH=/bin", "SECRET=x"]
                .map(|line| line.split_once('=').expect("a value"))
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .to_vec(),
            schedule: Schedule::default(),
            user: String::new(),
            working_directory: String::new(),
        }
    );
}

#[test]
fn a_running_container_has_no_exit_code() {
    let answer: ContainerInspectResponse =
        serde_json::from_str(r#"{"State":{"Status":"running","ExitCode":0}}"#).expect("answer");
    let info = from_inspect(answer);
    assert_eq!((info.state, info.exit_code), (ContainerState::Running, None));
}
