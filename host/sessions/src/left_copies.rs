//! Copies of projects whose sessions are gone: what an interrupted stop or a killed start
//! leaves. `ls --all-projects` and `doctor` name them, `stop` and `image prune` remove
//! them.

use crate::context::Context;
use crate::contract::LeftCopy;
use crate::domain::{Advice, Diagnostic, ErrorKind};
use crate::failure::Failure;
use crate::list::LOCAL_LIST;

/// A copy that is still there.
#[derive(Debug, thiserror::Error)]
#[error("the removed session `{}` left a copy of the project", .0.session)]
pub struct StillThere(pub LeftCopy);

impl Diagnostic for StillThere {
    fn advice(&self) -> Advice<'_> {
        let name = &self.0.session;
        ErrorKind::Conflict.hint(format!(
            "if nothing in it is needed, `renku session stop --all-projects {name}` removes it"
        ))
    }
}

/// The engine did not say whether there are any.
#[derive(Debug, thiserror::Error)]
#[error("the engine did not report within {} s whether removed sessions left copies", LOCAL_LIST.as_secs())]
struct NotSaid;

impl Diagnostic for NotSaid {
    fn advice(&self) -> Advice<'_> {
        ErrorKind::Timeout.alone()
    }
}

impl Context {
    /// Names those of all projects.
    pub async fn warn_of_left_copies(&self) {
        self.warn_of(self.left_copies(true).await);
    }

    /// Removes the one of the session that the user named; whether there was one.
    pub(crate) async fn remove_left_copy_of(
        &self,
        name: &str,
        all_projects: bool,
    ) -> Result<bool, Failure> {
        if self.changes_nothing() {
            return Ok(false);
        }
        let mut copies = self.left_copies(all_projects).await;
        copies.retain(|copy| copy.session == name);
        self.remove_left_copies(&copies).await?;
        Ok(!copies.is_empty())
    }

    /// Removes all, after a question: one may hold the only copy of what was done in its
    /// session. Where nobody can be asked, they are named.
    pub(crate) async fn offer_to_remove_left_copies(
        &self,
        all_projects: bool,
    ) -> Result<(), Failure> {
        let copies = self.left_copies(all_projects).await;
        if copies.is_empty() {
            return Ok(());
        }
        if self.changes_nothing() || (!self.says_yes() && !self.can_ask()) {
            self.warn_of(copies);
            return Ok(());
        }
        let names: Vec<String> = copies.iter().map(|it| format!("`{}`", it.session)).collect();
        let question = format!(
            "Removed sessions left copies of the project: {}. Remove them with all changes in \
             them?",
            names.join(", ")
        );
        if self.confirm("--yes", question).await? {
            self.remove_left_copies(&copies).await?;
        }
        Ok(())
    }

    fn warn_of(&self, copies: Vec<LeftCopy>) {
        copies.into_iter().for_each(|copy| self.notices().warning(&StillThere(copy)));
    }

    /// Those of this project, or of all. Asked of an engine that has answered; when it
    /// does not this time, that is a warning.
    async fn left_copies(&self, all_projects: bool) -> Vec<LeftCopy> {
        let found = async {
            let engine = match all_projects {
                true => self.host_engine(None),
                false => self.engine_of(self.project()?.as_ref()),
            };
            Ok::<_, Failure>(engine.left_copies().await?)
        };
        match tokio::time::timeout(LOCAL_LIST, found).await {
            Ok(Ok(copies)) => return copies,
            Ok(Err(failure)) => self.notices().warning(failure.0.as_ref()),
            Err(_) => self.notices().warning(&NotSaid),
        }
        Vec::new()
    }

    async fn remove_left_copies(&self, copies: &[LeftCopy]) -> Result<(), Failure> {
        // A handle for all projects sees those of each.
        self.host_engine(None).remove_left_copies(copies).await?;
        for copy in copies {
            let name = &copy.session;
            let message = format!("Removed the copy of the project that `{name}` left");
            self.reporter().message(&message);
        }
        Ok(())
    }
}
