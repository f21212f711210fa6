//! The resource pools that the user may use, and how they are told apart.

use renku_session_sdk::{Error, Result};

use crate::call::Call;
use crate::model::{Account, Class, ImageAnswer, Launcher, Pool};
use crate::outside::Outside;
use crate::service;
use crate::wish::Wish;

/// All of them, with what the service thinks of each class.
#[derive(Debug, Clone, Default)]
pub(crate) struct Pools(pub(crate) Vec<Pool>);

/// A class, and the pool it is in.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place<'a> {
    pub(crate) pool: &'a Pool,
    pub(crate) class: &'a Class,
}

impl Pools {
    /// The pools; `wish` is what the service marks the classes by.
    ///
    /// # Errors
    ///
    /// When the service refuses.
    pub(crate) fn list(outside: &dyn Outside, wish: Option<&Wish>) -> Result<Self> {
        let mut call = Call::get(&["resource_pools"], "list the resource classes");
        call.query = wish.map(Wish::query).unwrap_or_default();
        service::ask(outside, &call).map(Self)
    }

    pub(crate) fn all(&self) -> impl Iterator<Item = Place<'_>> {
        self.0.iter().flat_map(|pool| pool.classes.iter().map(move |class| Place { pool, class }))
    }

    /// The class of this number; none when it is not open to the user.
    pub(crate) fn find(&self, id: u64) -> Option<Place<'_>> {
        self.all().find(|place| place.class.id == id)
    }

    /// The classes of this name: `CLASS` or `POOL/CLASS`, in any case.
    pub(crate) fn named(&self, name: &str) -> Vec<Place<'_>> {
        let wanted = name.to_lowercase();
        self.all()
            .filter(|place| {
                let class = place.class.name.to_lowercase();
                class == wanted || format!("{}/{class}", place.pool.name.to_lowercase()) == wanted
            })
            .collect()
    }

    /// The class that is used when nobody names one.
    pub(crate) fn default_class(&self) -> Option<Place<'_>> {
        let pool = self.0.iter().find(|pool| pool.default)?;
        let class = pool.classes.iter().find(|class| class.default)?;
        Some(Place { pool, class })
    }

    /// The class of a launcher's sessions, when it is open to the user.
    pub(crate) fn usual(&self, launcher: Option<&Launcher>) -> Option<Place<'_>> {
        match launcher.and_then(|launcher| launcher.resource_class_id) {
            Some(id) => self.find(id),
            None => self.default_class(),
        }
    }

    /// What a class is called: with its pool where that is not the usual one.
    pub(crate) fn name(&self, id: u64) -> Option<String> {
        Some(self.find(id)?.name())
    }

    /// An error with one line for each class, in columns.
    pub(crate) fn listing(&self, error: Error) -> Error {
        table(&self.0).into_iter().fold(error, Error::cause)
    }
}

impl Place<'_> {
    pub(crate) fn name(&self) -> String {
        match self.pool.default {
            true => self.class.name.clone(),
            false => format!("{}/{}", self.pool.name, self.class.name),
        }
    }

    /// Name and size: ``the class `small` (0.5 CPUs, 1 GB of memory)``.
    pub(crate) fn in_words(&self) -> String {
        let Class { cpu, memory, gpu, .. } = self.class;
        let mut size = vec![format!("{cpu} CPUs"), format!("{memory} GB of memory")];
        match gpu {
            0 => {}
            1 => size.push("1 GPU".to_owned()),
            gpu => size.push(format!("{gpu} GPUs")),
        }
        size.extend(self.hours());
        format!("the class `{}` ({})", self.name(), size.join(", "))
    }

    /// What is left of the week, where it is counted.
    fn hours(&self) -> Option<String> {
        let (left, total) = (self.class.usage_hours_remaining?, self.class.usage_hours_total);
        Some(match total {
            Some(total) => format!("{left} of {total} hours left this week"),
            None => format!("{left} hours left this week"),
        })
    }

    /// Whether the user has used all hours of this week.
    pub(crate) fn is_exhausted(&self) -> bool {
        self.class.quota_enforced && self.class.usage_hours_remaining.is_some_and(|it| it <= 0.0)
    }

    /// Whether all of the pool together is smaller than one session of this class.
    pub(crate) fn exceeds_its_pool(&self) -> bool {
        let class = self.class;
        self.pool.quota.as_ref().is_some_and(|quota| {
            class.cpu > quota.cpu || class.memory > quota.memory || class.gpu > quota.gpu
        })
    }

    /// Whether an image runs there, as far as anybody knows.
    pub(crate) fn runs(&self, image: &ImageAnswer) -> bool {
        let Some(platform) = &self.pool.platform else { return true };
        image.platforms.is_empty()
            || image
                .platforms
                .iter()
                .any(|it| format!("{}/{}", it.os, it.architecture) == *platform)
    }

    /// Whether the user has the account that sessions there need.
    ///
    /// # Errors
    ///
    /// `denied` when not.
    pub(crate) fn require_account(&self, outside: &dyn Outside) -> Result<()> {
        let Some(needed) = self.pool.remote.as_ref().and_then(|it| it.provider_id.as_deref())
        else {
            return Ok(());
        };
        let call = Call::get(&["oauth2", "connections"], "look at your connected accounts");
        let accounts: Vec<Account> = service::ask(outside, &call)?;
        if accounts.iter().any(|it| it.provider_id == needed && it.status == "connected") {
            return Ok(());
        }
        Err(Error::denied(format!(
            "sessions in the class `{}` need your account at `{needed}`, and RenkuLab does not have it",
            self.name()
        ))
        .help(format!("open {}/integrations in the browser and connect it", outside.base())))
    }
}

/// One line for each class, in columns.
fn table(pools: &[Pool]) -> Vec<String> {
    let mut rows = vec![
        ["POOL", "CLASS", "ID", "CPU", "MEMORY", "GPU", "DISK", "PLATFORM"].map(str::to_owned),
    ];
    for pool in pools {
        for class in &pool.classes {
            rows.push([
                pool.name.clone(),
                class.name.clone(),
                class.id.to_string(),
                class.cpu.to_string(),
                format!("{} GB", class.memory),
                class.gpu.to_string(),
                format!("{} GB", class.max_storage),
                pool.platform.clone().unwrap_or_default(),
            ]);
        }
    }
    let width = |column: usize| {
        rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count()).max()
    };
    let widths: Vec<usize> = (0..8).map(|column| width(column).unwrap_or(0)).collect();
    rows.iter()
        .map(|row| {
            let cells: Vec<String> =
                row.iter().zip(&widths).map(|(cell, width)| format!("{cell:width$}")).collect();
            cells.join("  ").trim_end().to_owned()
        })
        .collect()
}
