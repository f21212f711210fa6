//! The engine: its state, what stands in for programs, and what goes wrong.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use crate::call::Call;
use crate::container::Stage;
use crate::contract::ContainersError;
use crate::fault::{self, Effect};
use crate::kept::Kept;
use crate::programs::Programs;
use crate::state::State;

/// An engine in memory.
pub struct Memory {
    pub(crate) kept: Kept,
    pub(crate) programs: Arc<dyn Programs>,
}

impl Memory {
    /// The engine whose state is kept there.
    #[must_use]
    pub fn new(kept: Kept, programs: Arc<dyn Programs>) -> Self {
        Self { kept, programs }
    }

    /// Looks at everything that the engine has, and changes it.
    ///
    /// # Errors
    ///
    /// When its folder cannot be used.
    pub fn change<T>(&self, work: impl FnOnce(&mut State) -> T) -> io::Result<T> {
        self.kept.change(|state| {
            self.notice_ends(state);
            work(state)
        })
    }

    /// A call of the driver: done, unless something else was ordered.
    pub(crate) async fn call<T>(
        &self,
        call: Call,
        work: impl FnOnce(&mut State) -> Result<T, ContainersError>,
    ) -> Result<T, ContainersError> {
        let effect = self.enter(call).await?;
        let done = self.at_once(call, work)?;
        leave(call, effect.as_ref())?;
        Ok(done)
    }

    /// The same as a part of a call that was entered.
    pub(crate) fn at_once<T>(
        &self,
        call: Call,
        work: impl FnOnce(&mut State) -> Result<T, ContainersError>,
    ) -> Result<T, ContainersError> {
        self.change(work).map_err(|error| fault::engine(call, error))?
    }

    /// Notes a call. Gives what will go wrong with it once it is done.
    ///
    /// # Errors
    ///
    /// What goes wrong before.
    pub(crate) async fn enter(&self, call: Call) -> Result<Option<Effect>, ContainersError> {
        let effect = self.at_once(call, |state| {
            let fault = state.faults.iter().find(|it| it.befalls(call, &state.calls));
            let effect = fault.map(|it| it.effect.clone());
            state.calls.push(call);
            Ok(effect)
        })?;
        match &effect {
            Some(Effect::Hang) => std::future::pending().await,
            Some(Effect::Delay(time)) => tokio::time::sleep(Duration::from_millis(*time)).await,
            Some(effect) => effect.before(call).map_or(Ok(()), Err)?,
            None => {}
        }
        Ok(effect)
    }

    /// Programs end on their own.
    fn notice_ends(&self, state: &mut State) {
        for container in state.containers.values_mut() {
            if matches!(container.stage, Stage::Running | Stage::Paused)
                && let Some(status) = self.programs.ended(container)
            {
                container.stage = Stage::Exited;
                container.exit_code = Some(status);
                container.process = None;
            }
        }
        state.containers.retain(|_, container| !(container.rm && container.stage == Stage::Exited));
    }
}

/// What goes wrong with a call that was done.
pub(crate) fn leave(call: Call, effect: Option<&Effect>) -> Result<(), ContainersError> {
    effect.and_then(|effect| effect.after(call)).map_or(Ok(()), Err)
}
