//! Commands in a session: only in one that runs, and as its user.

use crate::driver::{ContainerRef, Found};
use crate::{ContainerState, Containers, ContainersError, ExecSpec, ExecStreams, Inside};

impl Containers {
    /// Runs a command in a session and gives its exit status.
    ///
    /// # Errors
    ///
    /// [`ContainersError::NotFound`] for what this command may not see, `WrongState` for one
    /// that does not run, `ExecUnsupported`; when the command could not be started.
    pub async fn exec(
        &self,
        name: &str,
        spec: &ExecSpec,
        streams: ExecStreams,
    ) -> Result<i32, ContainersError> {
        let (seen, found) = self.running(name).await?;
        let spec = ExecSpec { user: spec.user.clone().or_else(|| user_of(&found)), ..spec.clone() };
        self.0.driver.exec(&seen, &spec, streams).await
    }

    /// What commands in a session begin with.
    ///
    /// # Errors
    ///
    /// As [`Self::exec`].
    pub async fn inside(&self, name: &str) -> Result<Inside, ContainersError> {
        let (_, found) = self.running(name).await?;
        let working_directory = match found.working_directory.as_str() {
            "" => "/".to_owned(),
            directory => directory.to_owned(),
        };
        Ok(Inside { container: found.container.name, working_directory })
    }

    async fn running(&self, name: &str) -> Result<(ContainerRef, Found), ContainersError> {
        let seen = self.seen(name).await?;
        if seen.info.state != ContainerState::Running {
            return Err(ContainersError::WrongState {
                name: name.to_owned(),
                action: "entered",
                message: format!("it is {}", seen.info.state.as_str()),
            });
        }
        let found = self.0.driver.inspect(name).await?;
        // Nobody takes its name meanwhile.
        match found.filter(|found| found.container == seen.container) {
            Some(found) => Ok((seen.container, found)),
            None => Err(ContainersError::NotFound { name: name.to_owned() }),
        }
    }
}

/// Images that begin as root and go on as a user name that user in `NB_UID`: commands are
/// that user's, too, and files of theirs not root's.
fn user_of(found: &Found) -> Option<String> {
    let is_root = matches!(found.user.split(':').next(), None | Some("" | "0" | "root"));
    let variable = |name: &str| {
        let found = found.environment.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str()).filter(|value| value.parse::<u32>().is_ok())
    };
    let user = variable("NB_UID").filter(|_| is_root)?;
    Some(match variable("NB_GID") {
        Some(group) => format!("{user}:{group}"),
        None => user.to_owned(),
    })
}
