//! A Jupyter kernel, started and used as JupyterLab in a browser does.
//!
//! REST and WebSocket API of jupyter-server; messages of the Jupyter messaging
//! protocol 5.3.

use serde_json::{Value, json};
use tungstenite::Message;

use crate::http::post;

/// A kernel of a session.
pub struct Kernel {
    /// `127.0.0.1:PORT`.
    host: String,
    token: String,
    id: String,
}

impl Kernel {
    /// Starts a Python kernel in the session with this URL.
    ///
    /// # Panics
    ///
    /// When the session has no such kernel or does not accept the token.
    #[must_use]
    #[track_caller]
    pub fn start(url: &str) -> Self {
        let (base, token) = url.split_once("token=").expect("the URL has a token");
        let host = base.trim_start_matches("http://").split('/').next().unwrap();
        let answer =
            post(&format!("http://{host}/api/kernels?token={token}"), r#"{"name":"python3"}"#);
        assert_eq!(answer.status, 201, "{}", answer.body);
        let kernel: Value = serde_json::from_str(&answer.body).unwrap();
        Self { host: host.into(), token: token.into(), id: kernel["id"].as_str().unwrap().into() }
    }

    /// Runs code and waits for its end.
    ///
    /// # Panics
    ///
    /// When the code fails.
    #[track_caller]
    pub fn execute(&self, code: &str) {
        let Self { host, token, id } = self;
        let url = format!("ws://{host}/api/kernels/{id}/channels?token={token}");
        let (mut socket, _) = tungstenite::connect(url).unwrap();
        let request = json!({
            "channel": "shell",
            "header": {
                "msg_id": "1",
                "msg_type": "execute_request",
                "session": "test",
                "username": "test",
                "date": "2026-01-02T03:04:05Z",
                "version": "5.3",
            },
            "parent_header": {},
            "metadata": {},
            "content": {
                "code": code,
                "silent": false,
                "store_history": false,
                "user_expressions": {},
                "allow_stdin": false,
                "stop_on_error": true,
            },
        });
        socket.send(Message::text(request.to_string())).unwrap();
        let reply = loop {
            // Messages about the kernel's state come in between.
            if let Message::Text(text) = socket.read().unwrap() {
                let message: Value = serde_json::from_str(&text).unwrap();
                if message["header"]["msg_type"] == "execute_reply" {
                    break message;
                }
            }
        };
        assert_eq!(reply["content"]["status"], "ok", "{reply}");
    }
}
