//! `renku session code`: the address by which VS Code attaches to a session.
//!
//! Format: the extension Dev Containers takes `attached-container+` and a JSON object in
//! hexadecimal digits, which names the container and, for an engine elsewhere, how it is
//! reached.

use serde::Serialize;
use serde_json::json;

use super::app::App;
use super::args::CodeArgs;
use super::error::Failure;
use crate::contract::EnginePlace;
use crate::domain::hexadecimal;
use crate::output::browser;
use crate::sessions::{self, Attachable};

#[derive(Serialize)]
struct Code {
    /// The session.
    name: String,
    /// What the editor is given with `--folder-uri`.
    folder_uri: String,
    /// What the system opens.
    url: String,
    /// What has to be installed in the editor.
    needs: Vec<&'static str>,
}

/// Prints the address, and opens it where somebody sits.
pub(super) async fn code(app: &App, args: &CodeArgs) -> Result<(), Failure> {
    let named = &args.session;
    let found = sessions::attachable(&app.context, &named.scope(), named.name.as_deref()).await?;
    let code = Code::of(&found);
    app.printer.answer("code", &code, |_| format!("{}\n", code.folder_uri));
    app.printer.message(&format!(
        "VS Code needs {}; `code --folder-uri {}` opens it, too",
        code.needs.join(" and "),
        code.folder_uri
    ));
    if !args.no_open {
        browser::hand_over(&app.printer, &code.url);
    }
    Ok(())
}

impl Code {
    fn of(found: &Attachable) -> Self {
        let Attachable { session, inside, place } = found;
        let mut container = json!({ "containerName": format!("/{}", inside.container) });
        let mut needs = vec!["the extension `ms-vscode-remote.remote-containers`"];
        if let EnginePlace::Tunnelled { destination } = place {
            container["settings"] = json!({ "host": format!("ssh://{destination}") });
            needs.push("`ms-vscode-remote.remote-ssh`");
        }
        let authority =
            format!("attached-container+{}", hexadecimal(container.to_string().as_bytes()));
        let folder = &inside.working_directory;
        Self {
            name: session.name.clone(),
            folder_uri: format!("vscode-remote://{authority}{folder}"),
            url: format!("vscode://vscode-remote/{authority}{folder}"),
            needs,
        }
    }
}
