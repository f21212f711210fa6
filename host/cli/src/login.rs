//! `renku login`, `logout` and `whoami`.

use serde::Serialize;

use super::app::App;
use super::args::{LoginArgs, LogoutArgs, WhoamiArgs};
use super::error::Failure;
use crate::domain::sanitize;
use crate::output::{Format, browser};
use crate::sessions::SessionsError;
use crate::web::http::OriginUrl;
use crate::web::login::{self, Account, DeviceLogin, Given, LoginError, Store};

/// Somebody, somewhere.
#[derive(Serialize)]
pub(super) struct Row {
    url: String,
    #[serde(flatten)]
    pub(super) account: Account,
    /// When the login ends unless it is renewed, RFC 3339.
    pub(super) expires_at: Option<String>,
}

/// Logs in: prints where the user confirms, opens the browser, waits.
pub(super) async fn login(app: &App, args: &LoginArgs) -> Result<(), Failure> {
    let given = Given::from_environment()?;
    let store = app.context.logins();
    let url = match &args.url {
        Some(url) => login::parse(url)?,
        None => {
            let bound = app.context.bound_renkulab();
            let logins = store.load()?;
            let url = login::choose(&given, bound.as_deref(), &logins)?;
            let is_projects = given.url.is_none() && bound.is_some();
            let is_known = url.as_str() == login::DEFAULT_URL || logins.get(&url).is_some();
            // Where a password is typed is not for a cloned project to say.
            if is_projects && !is_known {
                let text = format!("This project belongs to `{}`. Log in there?", url.as_str());
                if !app.context.confirm(&format!("renku login {}", url.as_str()), text).await? {
                    return Err(SessionsError::Declined { what: "logging in there" }.into());
                }
            }
            url
        }
    };
    if given.token.is_some() {
        app.printer.message(
            "`RENKU_CLI_ACCESS_TOKEN` is set and will be used instead of this login; unset it to use the login",
        );
    }
    let waiting = interruptible(app, DeviceLogin::begin(url.clone(), &store)).await?;
    app.printer.message(&format!(
        "Confirm the login in your browser:\n  {}\nCheck that it shows the code {}",
        sanitize(waiting.url()),
        sanitize(waiting.user_code())
    ));
    if !args.no_browser {
        browser::open(&app.printer, waiting.url());
    }
    app.context.reporter().phase("Waiting for the browser");
    let finished = interruptible(app, waiting.finish(&store)).await;
    app.context.reporter().finish();
    finished?;
    // Only the token of the login: who it is belongs to what was just done.
    let row = interruptible(app, who(&store, &Given::default(), &url)).await?;
    app.printer.answer("login", &row, |format| match format {
        Format::Table => String::new(),
        _ => tsv(&row),
    });
    app.printer.message(&format!("Logged in to `{}` as {}", row.url, person(&row.account)));
    Ok(())
}

/// Forgets a login, here and at the service.
pub(super) async fn logout(app: &App, args: &LogoutArgs) -> Result<(), Failure> {
    let store = app.context.logins();
    let logins = store.load()?;
    let named = match &args.url {
        Some(url) => vec![login::parse(url)?],
        None if args.all => {
            logins.urls().into_iter().map(login::parse).collect::<Result<_, _>>()?
        }
        None => logins.usual().map(login::parse).transpose()?.into_iter().collect(),
    };
    let mut gone = Vec::new();
    for url in &named {
        let (removed, unreached) = interruptible(app, login::log_out(&store, url)).await?;
        if removed {
            gone.push(url.as_str().to_owned());
        }
        if let Some(error) = unreached {
            tracing::info!("could not log out at the service: {error}");
            app.printer.message(&format!(
                "Logged out on this computer; `{}` did not answer, and the login there will expire by itself",
                url.as_str()
            ));
        }
    }
    app.printer.answer("logged_out", &gone, |format| match format {
        Format::Table => String::new(),
        _ => gone.iter().map(|url| format!("{url}\n")).collect(),
    });
    match gone.as_slice() {
        [] => app.printer.message(&match named.first() {
            Some(url) => format!("You were not logged in to `{}`", url.as_str()),
            None => "You were not logged in".to_owned(),
        }),
        all => all.iter().for_each(|url| app.printer.message(&format!("Logged out of `{url}`"))),
    }
    if std::env::var_os("RENKU_CLI_ACCESS_TOKEN").is_some_and(|value| !value.is_empty()) {
        app.printer.message("`RENKU_CLI_ACCESS_TOKEN` is still set");
    }
    Ok(())
}

/// Asks the service who we are.
pub(super) async fn whoami(app: &App, args: &WhoamiArgs) -> Result<(), Failure> {
    let store = app.context.logins();
    let (url, given) = match &args.url {
        Some(url) => {
            let url = login::parse(url)?;
            let given = Given::from_environment()?.only_for(&url);
            (url, given)
        }
        None => place(app)?,
    };
    let row = interruptible(app, who(&store, &given, &url)).await?;
    app.printer.answer("login", &row, |format| match format {
        Format::Table => format!("{} at {}\n", person(&row.account), row.url),
        _ => tsv(&row),
    });
    Ok(())
}

/// The RenkuLab of this project, and what the environment says about it.
pub(super) fn place(app: &App) -> Result<(OriginUrl, Given), LoginError> {
    let given = Given::from_environment()?;
    let bound = app.context.bound_renkulab();
    let url = login::choose(&given, bound.as_deref(), &app.context.logins().load()?)?;
    let given = given.only_for(&url);
    Ok((url, given))
}

pub(super) async fn who(store: &Store, given: &Given, url: &OriginUrl) -> Result<Row, LoginError> {
    let credential = login::credential(store, given, url)?;
    let account = login::who_am_i(credential, url).await.map_err(|error| match error {
        LoginError::Ended { url } if given.token.is_some() => LoginError::TokenRefused { url },
        error => error,
    })?;
    let end = login::ends_at(store, given.token.as_ref(), url);
    Ok(Row { url: url.as_str().to_owned(), account, expires_at: end.map(|end| end.to_string()) })
}

/// Ends with the user's interrupt.
pub(super) async fn interruptible<T>(
    app: &App,
    work: impl Future<Output = Result<T, LoginError>>,
) -> Result<T, Failure> {
    tokio::select! {
        biased;
        () = app.context.cancel().cancelled() => Err(SessionsError::Interrupted.into()),
        result = work => Ok(result?),
    }
}

/// `Jane Doe (jane.doe, jane@example.org)`.
pub(super) fn person(account: &Account) -> String {
    let name: Vec<&str> = [&account.first_name, &account.last_name]
        .into_iter()
        .flatten()
        .map(String::as_str)
        .collect();
    let handles: Vec<&str> = [Some(&account.username), account.email.as_ref()]
        .into_iter()
        .flatten()
        .map(String::as_str)
        .collect();
    let handles = handles.join(", ");
    sanitize(&match name.is_empty() {
        true => handles,
        false => format!("{} ({handles})", name.join(" ")),
    })
}

fn tsv(row: &Row) -> String {
    let email = row.account.email.as_deref().unwrap_or_default();
    let (username, email) = (sanitize(&row.account.username), sanitize(email));
    format!("{}\t{username}\t{email}\n", row.url)
}
