//! Sessions as a result: one that was started or changed, all there are, those that are gone.

use super::Printer;
use crate::document::Content;
use crate::domain::{Session, SessionStatus, is_plain_name, sanitize};
use crate::format::Format;
use crate::sessions;
use crate::time_zone::local_zone;
use crate::view::View;
use crate::warning::Warning;

impl Printer {
    /// One session that was started: its name and URL on one line. `provider` is
    /// what the user must repeat to reach it (` -p FILE`), else empty.
    pub fn session(&self, session: &Session, provider: &str) {
        let session = sessions::harmless(session.clone());
        let is_document =
            self.result(Content::Session { session: &session }, |format| match format {
                Format::Tsv => sessions::tsv(std::slice::from_ref(&session), &View::default()),
                Format::Log => sessions::log(std::slice::from_ref(&session)),
                _ => sessions::line(&session),
            });
        if is_document || self.format == Format::Tsv || !is_plain_name(&session.name) {
            return;
        }
        let (name, provider) = (&session.name, sanitize(provider));
        if session.status == SessionStatus::Failed {
            self.screen.lines(&format!(
                "Session `{name}` has failed; `renku session logs{provider} {name}` shows why, `renku session stop{provider} {name}` removes it"
            ));
            return;
        }
        let verb = match session.status {
            SessionStatus::Running => "runs",
            _ => "is starting",
        };
        self.screen.lines(&format!(
            "Session `{name}` {verb}; `renku session open{provider} {name}` opens it, `renku session stop{provider} {name}` stops it"
        ));
    }

    /// The sessions there are, the oldest first, and the providers that could
    /// not answer: those are on standard error, and in a document.
    pub fn sessions(&self, found: Vec<Session>, warnings: &[Warning], view: &View) {
        let mut found: Vec<_> = found.into_iter().map(sessions::harmless).collect();
        sessions::sort(&mut found);
        let content = Content::Sessions { sessions: &found, warnings };
        let mut is_data = view.names_only || self.format == Format::Tsv;
        if view.names_only {
            self.screen.settle();
            self.data.text(&sessions::names(&found));
        } else {
            is_data |= self.result(content, |format| match format {
                Format::Tsv => sessions::tsv(&found, view),
                Format::Log => sessions::log(&found),
                _ if found.is_empty() => String::new(),
                _ => sessions::table(&found, view, self.width(), &local_zone()),
            });
        }
        // Who did not answer may have some.
        if found.is_empty() && warnings.is_empty() && !is_data {
            self.screen.lines(view.nothing());
        }
        self.warnings(warnings);
    }

    /// A session that exists and was changed; for people a message.
    pub fn changed(&self, session: &Session, message: &str) {
        let session = sessions::harmless(session.clone());
        if !self.result(Content::Session { session: &session }, |_| String::new()) {
            self.message(message);
        }
    }

    /// The sessions that are gone now; with none, says that there were none.
    pub fn stopped(&self, stopped: Vec<Session>) {
        let gone = |session: Session| Session {
            status: SessionStatus::Stopped,
            url: None,
            ports: Vec::new(),
            ..sessions::harmless(session)
        };
        let mut stopped = stopped;
        sessions::sort(&mut stopped);
        let verbs: Vec<&str> = stopped.iter().map(what_was_done).collect();
        let stopped: Vec<_> = stopped.into_iter().map(gone).collect();
        let content = Content::Sessions { sessions: &stopped, warnings: &[] };
        let is_document = self.result(content, |format| match format {
            Format::Tsv => stopped.iter().map(|session| format!("{}\n", session.name)).collect(),
            // The names of what is gone are no data to go on with.
            _ => String::new(),
        });
        if is_document {
            return;
        }
        if stopped.is_empty() {
            self.screen.lines("This project has no sessions to stop");
        }
        let for_people = stopped.iter().zip(verbs).filter(|_| self.format != Format::Tsv);
        for (session, verb) in for_people {
            self.screen.lines(&format!("{verb} `{}`", session.name));
        }
    }

    /// Where a session opens: for people the URL alone, ready to be copied.
    pub fn url(&self, session: &Session) {
        let session = sessions::harmless(session.clone());
        self.result(Content::Session { session: &session }, |_| {
            format!("{}\n", session.url.as_deref().unwrap_or_default())
        });
    }
}

/// What ended before was not stopped, but what was left of it was removed.
fn what_was_done(session: &Session) -> &'static str {
    match session.status {
        SessionStatus::Failed => "Removed the failed session",
        SessionStatus::Stopped => "Removed the stopped session",
        _ => "Stopped",
    }
}
