//! Answers of a real engine (20.10, shortened), and what becomes of them.

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
        from_summary("analysis-x1".into(), summary, Visibility::Own),
        ContainerInfo {
            name: "analysis-x1".into(),
            image: "analysis:1".into(),
            state: ContainerState::Exited,
            labels: BTreeMap::from([("a".into(), "b".into())]),
            ports: vec![
                Port {
                    container: 8888,
                    host: Some(32768),
                    host_ip: Some("127.0.0.1".into()),
                    protocol: Transport::Tcp
                },
                Port { container: 9000, host: None, host_ip: None, protocol: Transport::Udp },
            ],
            created_at: Some("2025-11-23T22:13:20Z".into()),
            exit_code: Some(137),
            out_of_memory: false,
            environment: BTreeMap::new(),
            legacy: false,
        }
    );
}

#[test]
fn inspect_tells_all_but_only_the_provider_s_own_variables() {
    let answer: ContainerInspectResponse = serde_json::from_str(
        r#"{"Id":"f0","Name":"/analysis-x1","Created":"2025-11-23T22:13:20.987654321Z",
            "State":{"Status":"exited","ExitCode":137,"OOMKilled":true},
            "Config":{"Image":"analysis:1","Env":["TOKEN=a=b","PATH=/bin","SECRET=x"],
                      "Labels":{"io.renku.session.environment":"HOST,TOKEN"}},
            "NetworkSettings":{"Ports":{"8888/tcp":[{"HostIp":"127.0.0.1","HostPort":"32768"}],
                                        "9000/tcp":null}}}"#,
    )
    .expect("answer");
    let info = from_inspect("analysis-x1", answer, Visibility::Legacy);
    assert_eq!(
        info,
        ContainerInfo {
            name: "analysis-x1".into(),
            image: "analysis:1".into(),
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
            created_at: Some("2025-11-23T22:13:20Z".into()),
            exit_code: Some(137),
            out_of_memory: true,
            environment: BTreeMap::from([("TOKEN".into(), "a=b".into())]),
            legacy: true,
        }
    );
}

#[test]
fn a_running_container_has_no_exit_code() {
    let answer: ContainerInspectResponse =
        serde_json::from_str(r#"{"State":{"Status":"running","ExitCode":0}}"#).expect("answer");
    let info = from_inspect("a1", answer, Visibility::Own);
    assert_eq!((info.state, info.exit_code), (ContainerState::Running, None));
}
