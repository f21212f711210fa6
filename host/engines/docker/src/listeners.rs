//! The TCP ports that something in a container listens on, as its own kernel lists them:
//! `/proc/net/tcp` and `tcp6` (proc(5)), read by the container's `cat`.

use std::time::Duration;

use bollard::exec::StartExecResults;
use bollard::models::ExecConfig;
use futures_util::StreamExt as _;

use crate::Docker;
use crate::contract::{ContainerRef, Listener};

const PATIENCE: Duration = Duration::from_secs(5);
/// The state of a socket that waits for connections.
const LISTENS: &str = "0A";
/// Where an engine's own server for names listens.
const NAMES: &str = "0B00007F";

impl Docker {
    pub(crate) async fn listeners(&self, container: &ContainerRef) -> Option<Vec<Listener>> {
        let listed = tokio::time::timeout(PATIENCE, self.tables(container)).await.ok()?;
        let listed = listed.ok()?;
        // Without `cat` nothing is seen.
        listed.contains("local_address").then(|| listed.lines().filter_map(listener).collect())
    }

    async fn tables(&self, container: &ContainerRef) -> Result<String, bollard::errors::Error> {
        let engine =
            self.engine().await.map_err(|_| bollard::errors::Error::RequestTimeoutError)?;
        let command = ["cat", "/proc/net/tcp", "/proc/net/tcp6"];
        let config = ExecConfig {
            attach_stdout: Some(true),
            cmd: Some(command.iter().map(|word| (*word).to_owned()).collect()),
            ..ExecConfig::default()
        };
        let exec = engine.docker.create_exec(&container.id, config).await?.id;
        let mut output = String::new();
        if let StartExecResults::Attached { output: mut pieces, .. } =
            engine.docker.start_exec(&exec, None).await?
        {
            while let Some(piece) = pieces.next().await {
                output.push_str(&piece?.to_string());
            }
        }
        Ok(output)
    }
}

/// `0: 0100007F:22B8 00000000:0000 0A …`.
fn listener(row: &str) -> Option<Listener> {
    let mut fields = row.split_whitespace().skip(1);
    let (address, port) = fields.next()?.split_once(':')?;
    let state = fields.nth(1)?;
    let port = u16::from_str_radix(port, 16).ok()?;
    let is_inside = match address.len() {
        8 => address.ends_with("7F"),
        _ => address == "00000000000000000000000001000000" || address.ends_with("0000FFFF0100007F"),
    };
    (state == LISTENS && address != NAMES).then_some(Listener { port, is_inside })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_of_the_kernel_are_read() {
        let table = "\
  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid
   0: 0100007F:22B8 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000
   1: 00000000:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000
   2: 020011AC:1F90 010011AC:C0DE 01 00000000:00000000 00:00000000 00000000  1000
   3: 0B00007F:A0B1 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0
   0: 00000000000000000000000001000000:22B9 00000000000000000000000000000000:0000 0A 0
   1: 00000000000000000000000000000000:22BA 00000000000000000000000000000000:0000 0A 0";
        let all: Vec<(u16, bool)> =
            table.lines().filter_map(listener).map(|it| (it.port, it.is_inside)).collect();
        assert_eq!(all, [(8888, true), (8080, false), (8889, true), (8890, false)]);
    }
}
