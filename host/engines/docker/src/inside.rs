//! One HTTP question from inside of a container, where its port cannot be
//! reached from here: with whatever the image has that can ask.
//!
//! API: `POST /containers/{id}/exec`, `POST /exec/{id}/start`.

use std::time::Duration;

use bollard::Docker;
use bollard::exec::StartExecResults;
use bollard::models::ExecConfig;
use futures_util::StreamExt;

use crate::contract::Blind;

/// How long one answer may take.
const PATIENCE: Duration = Duration::from_secs(20);

/// Prints the status of the answer, nothing without an answer; exit status 99
/// when the image has nothing to ask with. Port and path are arguments.
const SCRIPT: &str = r#"
u="http://127.0.0.1:$1$2"
if command -v curl >/dev/null; then curl -s -m 5 -o /dev/null -w '%{http_code}' "$u"
elif command -v python3 >/dev/null; then python3 -c '
import sys, http.client
c = http.client.HTTPConnection("127.0.0.1", int(sys.argv[1]), timeout=5)
c.request("GET", sys.argv[2]); print(c.getresponse().status)' "$1" "$2" 2>/dev/null
elif command -v wget >/dev/null; then wget -S -T 5 -O /dev/null "$u" 2>&1 | sed -n 's/.*HTTP[^ ]* \([0-9]*\).*/\1/p' | head -n 1
else exit 99
fi"#;

/// A port of a container, seen from inside.
pub(crate) struct Inside {
    pub(crate) docker: Docker,
    pub(crate) id: String,
    pub(crate) port: u16,
}

impl Inside {
    /// The status of `GET path`; none when there is no answer.
    ///
    /// # Errors
    ///
    /// [`Blind`] when the image has no shell or nothing that asks.
    pub(crate) async fn get(&self, path: &str) -> Result<Option<u16>, Blind> {
        match tokio::time::timeout(PATIENCE, self.run(path)).await {
            Ok(Ok((output, code))) => match code {
                // 126 and 127: there is no shell.
                Some(99 | 126 | 127) => Err(Blind),
                _ => Ok(output.trim().parse().ok().filter(|status| *status >= 100)),
            },
            Ok(Err(_)) | Err(_) => Ok(None),
        }
    }

    async fn run(&self, path: &str) -> Result<(String, Option<i64>), bollard::errors::Error> {
        let port = self.port.to_string();
        let command = ["sh", "-c", SCRIPT, "sh", &port, path];
        let config = ExecConfig {
            attach_stdout: Some(true),
            cmd: Some(command.iter().map(|word| (*word).to_owned()).collect()),
            ..ExecConfig::default()
        };
        let exec = self.docker.create_exec(&self.id, config).await?.id;
        let mut output = String::new();
        if let StartExecResults::Attached { output: mut pieces, .. } =
            self.docker.start_exec(&exec, None).await?
        {
            while let Some(piece) = pieces.next().await {
                output.push_str(&piece?.to_string());
            }
        }
        Ok((output, self.docker.inspect_exec(&exec).await?.exit_code))
    }
}
