//! Session secrets: files of a project whose content is every user's own.

use renku_session_sdk::Result;
use renku_session_sdk::http::Method;
use serde::Deserialize;
use serde_json::Value;

use crate::ask::DataWishes;
use crate::call::Call;
use crate::lack::{Lack, secret};
use crate::model::Project;
use crate::outside::Outside;
use crate::service;

const PURPOSE: &str = "look at the session secrets";

/// A file that a project wants.
#[derive(Debug, Deserialize)]
pub(crate) struct Slot {
    id: String,
    name: String,
    pub(crate) filename: String,
}

#[derive(Debug, Deserialize)]
struct Filled {
    secret_slot: Id,
}

#[derive(Debug, Deserialize)]
struct Id {
    id: String,
}

/// Those that the user has given no value.
///
/// # Errors
///
/// When the service refuses.
pub(crate) fn empty_slots(outside: &dyn Outside, project: &Project) -> Result<Vec<Slot>> {
    let call = Call::get(&["projects", &project.id, "session_secret_slots"], PURPOSE);
    let slots: Option<Vec<Slot>> = service::look(outside, &call)?;
    let mut slots = slots.unwrap_or_default();
    if slots.is_empty() {
        return Ok(slots);
    }
    let call = Call::get(&["projects", &project.id, "session_secrets"], PURPOSE);
    let filled: Option<Vec<Filled>> = service::look(outside, &call)?;
    let filled = filled.unwrap_or_default();
    slots.retain(|slot| filled.iter().all(|it| it.secret_slot.id != slot.id));
    Ok(slots)
}

impl Slot {
    /// Whether a user who types `name` means it.
    pub(crate) fn is_called(&self, name: &str) -> bool {
        [&self.filename, &self.name, &self.id].contains(&&name.to_owned())
    }

    pub(crate) fn lacks(&self) -> Lack {
        Lack {
            name: self.filename.clone(),
            reason: format!("the session secret `{}` ({}) has no value", self.filename, self.name),
            example: format!("{}=VALUE", self.filename),
        }
    }

    /// Gives it a value, which RenkuLab saves: there is no other way.
    ///
    /// # Errors
    ///
    /// `invalid-input` when none was given and there is nobody to ask.
    pub(crate) fn fill(
        &self,
        outside: &dyn Outside,
        project: &Project,
        wishes: &DataWishes,
    ) -> Result<()> {
        let given = wishes.given.iter().find(|(name, _)| self.is_called(name));
        let value = match given {
            Some((_, value)) => value.clone(),
            None => {
                let question = format!(
                    "The session secret `{}` ({}), which RenkuLab saves for you (empty: do without it)",
                    self.filename, self.name
                );
                outside.ask(&self.filename, &question, true)?
            }
        };
        if value.is_empty() {
            return Ok(());
        }
        let body: Vec<Value> = vec![secret("secret_slot_id", &self.id, &value)];
        let parts = ["projects", project.id.as_str(), "session_secrets"];
        let call = Call::new(Method::Patch, &parts, "save the session secret").body(body.into());
        service::tell(outside, &call)
    }
}
