//! Data connectors: where a project's data lies, and the credentials for it.

use renku_session_sdk::http::Method;
use renku_session_sdk::{Error, ErrorKind, Result};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::ask::DataWishes;
use crate::call::Call;
use crate::lack::{Lack, secret};
use crate::model::Project;
use crate::outside::Outside;
use crate::service;

const PURPOSE: &str = "look at the data connectors";

#[derive(Debug, Deserialize)]
struct Link {
    data_connector_id: String,
}

/// A connector of the project, and what of its credentials is saved.
#[derive(Debug, Deserialize)]
pub(crate) struct Connector {
    id: String,
    name: String,
    #[serde(default)]
    namespace: String,
    pub(crate) slug: String,
    storage: Storage,
    #[serde(skip)]
    saved: Vec<String>,
}

#[derive(Debug, Deserialize)]
struct Storage {
    /// Secret values stand as `<sensitive>` in it.
    configuration: Map<String, Value>,
    #[serde(default)]
    sensitive_fields: Vec<Named>,
}

#[derive(Debug, Deserialize)]
struct Named {
    name: String,
}

/// The connectors of a project that the user may see.
///
/// # Errors
///
/// When the service refuses.
pub(crate) fn of_project(outside: &dyn Outside, project: &Project) -> Result<Vec<Connector>> {
    let call = Call::get(&["projects", &project.id, "data_connector_links"], PURPOSE);
    let links: Option<Vec<Link>> = service::look(outside, &call)?;
    let mut found = Vec::new();
    for link in links.unwrap_or_default() {
        let call = Call::get(&["data_connectors", &link.data_connector_id], PURPOSE);
        let Some(mut connector) = service::look::<Connector>(outside, &call)? else { continue };
        if !connector.storage.sensitive_fields.is_empty() {
            connector.saved = saved(outside, &connector.id)?;
        }
        found.push(connector);
    }
    Ok(found)
}

fn saved(outside: &dyn Outside, id: &str) -> Result<Vec<String>> {
    let call = Call::get(&["data_connectors", id, "secrets"], PURPOSE);
    let saved: Option<Vec<Named>> = service::look(outside, &call)?;
    Ok(saved.unwrap_or_default().into_iter().map(|field| field.name).collect())
}

impl Connector {
    /// Whether a user who types `name` means it.
    pub(crate) fn is_called(&self, name: &str) -> bool {
        [&self.slug, &self.name, &self.id].contains(&&name.to_owned())
            || format!("{}/{}", self.namespace, self.slug) == name
    }

    fn fields(&self) -> impl Iterator<Item = &str> {
        self.storage.sensitive_fields.iter().map(|field| field.name.as_str())
    }

    fn missing(&self) -> Vec<&str> {
        self.fields().filter(|field| !self.saved.iter().any(|saved| saved == field)).collect()
    }

    pub(crate) fn is_incomplete(&self) -> bool {
        !self.missing().is_empty()
    }

    /// What a start says to leave it out.
    pub(crate) fn skipped(&self) -> Value {
        json!({ "data_connector_id": self.id, "skip": true })
    }

    pub(crate) fn lacks(&self) -> Lack {
        let missing = self.missing();
        let fields: Vec<String> = missing.iter().map(|field| format!("`{field}`")).collect();
        let first = missing.first().copied().unwrap_or_default();
        Lack {
            name: self.slug.clone(),
            reason: format!(
                "the data connector `{}` has no credentials: {}",
                self.slug,
                fields.join(", ")
            ),
            example: format!("{}/{first}=VALUE", self.slug),
        }
    }

    /// Gets the credentials that are missing: typed as options, else asked for. Gives what
    /// the start says about it; nothing when they were saved.
    ///
    /// # Errors
    ///
    /// `invalid-input` when one was not given and there is nobody to ask.
    pub(crate) fn complete(
        &self,
        outside: &dyn Outside,
        wishes: &DataWishes,
    ) -> Result<Option<Value>> {
        let mut values = Vec::new();
        let mut asked = false;
        for field in self.missing() {
            let value = match self.given(wishes, field) {
                Some(value) => value,
                None => {
                    asked = true;
                    self.ask(outside, field)?
                }
            };
            if value.is_empty() {
                return Ok(Some(self.skipped()));
            }
            values.push((field, value));
        }
        let saves = wishes.save || (asked && self.asks_to_save(outside)?);
        if saves {
            return self.save(outside, &values).map(|()| None);
        }
        // What is sent replaces all: also what RenkuLab has, and gives to nobody.
        for field in self.saved.iter().filter(|saved| self.fields().any(|field| field == *saved)) {
            let value = match self.given(wishes, field) {
                Some(value) => value,
                None => self.ask(outside, field)?,
            };
            if value.is_empty() {
                return Ok(Some(self.skipped()));
            }
            values.push((field, value));
        }
        let mut configuration = self.storage.configuration.clone();
        for (field, value) in values {
            configuration.insert(field.to_owned(), value.into());
        }
        Ok(Some(json!({ "data_connector_id": self.id, "configuration": configuration })))
    }

    /// Whether the user wants them saved; not, where only the values were answered.
    fn asks_to_save(&self, outside: &dyn Outside) -> Result<bool> {
        let question =
            format!("Save the credentials of `{}` at RenkuLab for your next sessions?", self.slug);
        match outside.confirm("save-data", &question) {
            Err(error) if error.kind == ErrorKind::InvalidInput => Ok(false),
            answer => answer,
        }
    }

    fn given(&self, wishes: &DataWishes, field: &str) -> Option<String> {
        let given = wishes.given.iter().find(|(name, _)| {
            name.rsplit_once('/')
                .is_some_and(|(connector, named)| named == field && self.is_called(connector))
        });
        given.map(|(_, value)| value.clone())
    }

    fn ask(&self, outside: &dyn Outside, field: &str) -> Result<String> {
        let question =
            format!("`{field}` of the data connector `{}` (empty: do without it)", self.slug);
        outside.ask(&format!("{}/{field}", self.slug), &question, true)
    }

    fn save(&self, outside: &dyn Outside, values: &[(&str, String)]) -> Result<()> {
        let body: Vec<Value> =
            values.iter().map(|(field, value)| secret("name", field, value)).collect();
        let parts = ["data_connectors", self.id.as_str(), "secrets"];
        let call = Call::new(Method::Patch, &parts, "save the credentials").body(body.into());
        service::tell(outside, &call)?;
        // The answer has only what was just sent, and any name is taken.
        let saved = saved(outside, &self.id)?;
        match values.iter().find(|(field, _)| !saved.iter().any(|name| name == field)) {
            None => Ok(()),
            Some((field, _)) => Err(Error::new(
                ErrorKind::Unavailable,
                format!("RenkuLab did not save `{field}` of the data connector `{}`", self.slug),
            )
            .help("try again in a minute")),
        }
    }
}
