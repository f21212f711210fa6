//! Which resource class a session gets: RenkuLab has no "two CPUs", it has
//! classes, and one of them is the smallest that is large enough.

use renku_session_sdk::invocation::Level;
use renku_session_sdk::{Error, ErrorKind, GpuRequest, Resources, Result};

use crate::ask::Ask;
use crate::call::Call;
use crate::model::{Class, Launcher, Pool};
use crate::outside::Outside;
use crate::{service, size};

/// What is sent with a start; nothing means the launcher's own choice.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Choice {
    /// The number of the class.
    pub(crate) class: Option<u64>,
    /// Gigabytes.
    pub(crate) disk: Option<u64>,
}

/// What the user asks for, in the service's units.
#[derive(Debug, Clone, Copy)]
struct Wish {
    cpu: Option<f64>,
    memory: Option<u64>,
    gpu: Option<u64>,
    disk: Option<u64>,
}

/// The class for what was asked; `launcher` says what is usual.
///
/// # Errors
///
/// `resource-exhausted` with all classes when none is large enough,
/// `invalid-input` for what no class can express.
pub(crate) fn choose(
    outside: &dyn Outside,
    ask: &Ask,
    launcher: Option<&Launcher>,
) -> Result<Choice> {
    let wish = Wish::of(outside, &ask.resources)?;
    // The service takes the launcher's disk only from the request.
    let usual_disk = launcher.and_then(|launcher| launcher.disk_storage);
    if let Some(class) = ask.config.resource_class_id {
        if wish.cpu.is_some() || wish.memory.is_some() || wish.gpu.is_some() {
            return Err(Error::invalid_input(
                "`resource_class_id` conflicts with `--cpu`, `--memory` and `--gpu`",
            )
            .help("leave one of them out"));
        }
        let disk = match (wish.disk, usual_disk) {
            (None, Some(_)) => {
                let call = Call::get(&["resource_pools"], "list the resource classes");
                let pools: Vec<Pool> = service::ask(outside, &call)?;
                within(outside, usual_disk, find(&pools, class))
            }
            (asked, _) => asked,
        };
        return Ok(Choice { class: Some(class), disk });
    }
    if wish.is_nothing() {
        return Ok(Choice { class: None, disk: usual_disk });
    }
    let mut call = Call::get(&["resource_pools"], "list the resource classes");
    call.query = wish.query();
    let pools: Vec<Pool> = service::ask(outside, &call)?;
    let usual_class = launcher.and_then(|launcher| launcher.resource_class_id);
    let class = if wish.is_disk_only() && usual_fits(&pools, usual_class, &wish) {
        usual_class
    } else {
        Some(smallest(&pools, &wish).ok_or_else(|| nothing_fits(&pools, &wish))?.id)
    };
    let chosen = class.and_then(|id| find(&pools, id));
    let disk = wish.disk.or_else(|| within(outside, usual_disk, chosen));
    Ok(Choice { class, disk })
}

/// The launcher's own disk, or less: what was asked for in the browser may be too large
/// for another class.
fn within(outside: &dyn Outside, disk: Option<u64>, class: Option<&Class>) -> Option<u64> {
    let disk = disk?;
    match class {
        Some(class) if class.max_storage < disk => {
            let (name, most) = (&class.name, class.max_storage);
            let text = format!(
                "The launcher has {disk} GB of disk, and the resource class `{name}` only {most} GB"
            );
            outside.say(Level::Warn, &text);
            Some(most)
        }
        _ => Some(disk),
    }
}

impl Wish {
    fn of(outside: &dyn Outside, resources: &Resources) -> Result<Self> {
        let gpu = match &resources.gpu {
            None => None,
            Some(GpuRequest::Count(count)) => Some(u64::from(*count)),
            Some(GpuRequest::All) => {
                return Err(Error::invalid_input("RenkuLab has no sessions with all GPUs")
                    .help("give a number, such as `--gpu 1`"));
            }
            Some(GpuRequest::Devices(_)) => {
                return Err(Error::invalid_input("RenkuLab chooses the GPUs of a session itself")
                    .help("give a number, such as `--gpu 1`"));
            }
        };
        let memory = resources.memory.map(size::gigabytes);
        let disk = resources.disk.map(size::gigabytes);
        for (what, bytes, gigabytes) in
            [("memory", resources.memory, memory), ("disk", resources.disk, disk)]
        {
            if let (Some(true), Some(gigabytes)) = (bytes.map(size::is_rounded), gigabytes) {
                let text =
                    format!("RenkuLab counts {what} in whole gigabytes: asking for {gigabytes} GB");
                outside.say(Level::Warn, &text);
            }
        }
        Ok(Self { cpu: resources.cpu, memory, gpu, disk })
    }

    fn is_nothing(&self) -> bool {
        self.is_disk_only() && self.disk.is_none()
    }

    fn is_disk_only(&self) -> bool {
        self.cpu.is_none() && self.memory.is_none() && self.gpu.is_none()
    }

    fn query(&self) -> Vec<(&'static str, String)> {
        [
            ("cpu", self.cpu.map(|cpu| cpu.to_string())),
            ("memory", self.memory.map(|memory| memory.to_string())),
            ("gpu", self.gpu.map(|gpu| gpu.to_string())),
            ("max_storage", self.disk.map(|disk| disk.to_string())),
        ]
        .into_iter()
        .filter_map(|(name, value)| Some((name, value?)))
        .collect()
    }

    fn fits(&self, class: &Class) -> bool {
        self.cpu.is_none_or(|cpu| class.cpu >= cpu)
            && self.memory.is_none_or(|memory| class.memory >= memory)
            && self.gpu.is_none_or(|gpu| class.gpu >= gpu)
            && self.disk.is_none_or(|disk| class.max_storage >= disk)
    }

    fn in_words(&self) -> String {
        [
            self.cpu.map(|cpu| format!("{cpu} CPUs")),
            self.memory.map(|memory| format!("{memory} GB of memory")),
            self.gpu.map(|gpu| format!("{gpu} GPUs")),
            self.disk.map(|disk| format!("{disk} GB of disk")),
        ]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join(", ")
    }
}

fn find(pools: &[Pool], id: u64) -> Option<&Class> {
    pools.iter().flat_map(|pool| &pool.classes).find(|class| class.id == id)
}

/// Whether the class that is used anyway is large enough.
fn usual_fits(pools: &[Pool], usual: Option<u64>, wish: &Wish) -> bool {
    let default = || {
        let pool = pools.iter().find(|pool| pool.default)?;
        pool.classes.iter().find(|class| class.default)
    };
    let usual = usual.map_or_else(default, |id| find(pools, id));
    usual.is_some_and(|class| wish.fits(class))
}

/// The smallest class that fits, of the default pool when that has one.
fn smallest<'a>(pools: &'a [Pool], wish: &Wish) -> Option<&'a Class> {
    pools
        .iter()
        .flat_map(|pool| pool.classes.iter().map(move |class| (pool, class)))
        .filter(|(_, class)| class.matching.unwrap_or(true) && wish.fits(class))
        .min_by(|(pool, class), (other_pool, other)| {
            other_pool
                .default
                .cmp(&pool.default)
                .then(class.gpu.cmp(&other.gpu))
                .then(class.cpu.total_cmp(&other.cpu))
                .then(class.memory.cmp(&other.memory))
                .then(class.id.cmp(&other.id))
        })
        .map(|(_, class)| class)
}

fn nothing_fits(pools: &[Pool], wish: &Wish) -> Error {
    let error = Error::new(
        ErrorKind::ResourceExhausted,
        format!("RenkuLab has no resource class for you with {}", wish.in_words()),
    )
    .help("ask for less; the table shows the classes that you may use");
    table(pools).into_iter().fold(error, Error::cause)
}

/// One line for each class, in columns.
fn table(pools: &[Pool]) -> Vec<String> {
    let mut rows = vec![["POOL", "CLASS", "CPU", "MEMORY", "GPU", "DISK"].map(str::to_owned)];
    for pool in pools {
        for class in &pool.classes {
            rows.push([
                pool.name.clone(),
                class.name.clone(),
                class.cpu.to_string(),
                format!("{} GB", class.memory),
                class.gpu.to_string(),
                format!("{} GB", class.max_storage),
            ]);
        }
    }
    let width = |column: usize| {
        rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count()).max()
    };
    let widths: Vec<usize> = (0..6).map(|column| width(column).unwrap_or(0)).collect();
    rows.iter()
        .map(|row| {
            let cells: Vec<String> =
                row.iter().zip(&widths).map(|(cell, width)| format!("{cell:width$}")).collect();
            cells.join("  ").trim_end().to_owned()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Script, ask};

    const POOLS: &str = r#"[
        {"name":"gpus","id":2,"classes":[
            {"id":9,"name":"gpu","cpu":0.5,"memory":1,"gpu":1,"max_storage":100}]},
        {"name":"default","id":1,"default":true,"classes":[
            {"id":1,"name":"small","default":true,"cpu":0.5,"memory":1,"gpu":0,"max_storage":20},
            {"id":2,"name":"medium","cpu":1,"memory":4,"gpu":0,"max_storage":40},
            {"id":3,"name":"large","cpu":4,"memory":16,"gpu":0,"max_storage":40,"matching":false}]}]"#;

    fn chosen(query: &str, resources: Resources) -> Result<Choice> {
        let request = format!("GET /api/data/resource_pools?{query}");
        let outside = Script::new().answer(&request, 200, POOLS);
        choose(&outside, &Ask { resources, ..ask() }, None)
    }

    fn nothing() -> Resources {
        ask().resources
    }

    #[test]
    fn the_smallest_class_that_fits_is_taken() {
        let choice = chosen("cpu=0.6", Resources { cpu: Some(0.6), ..nothing() }).unwrap();
        assert_eq!(choice, Choice { class: Some(2), disk: None });
        let gpu = Some(GpuRequest::Count(1));
        let choice = chosen("gpu=1", Resources { gpu, ..nothing() }).unwrap();
        assert_eq!(choice.class, Some(9));
    }

    #[test]
    fn the_default_pool_comes_first_also_when_another_has_a_smaller_class() {
        let choice = chosen("cpu=0.5", Resources { cpu: Some(0.5), ..nothing() }).unwrap();
        assert_eq!(choice.class, Some(1));
    }

    #[test]
    fn a_class_that_the_service_does_not_mark_is_not_taken() {
        let error = chosen("cpu=4", Resources { cpu: Some(4.0), ..nothing() }).unwrap_err();
        assert_eq!(error.kind, ErrorKind::ResourceExhausted);
        assert_eq!(error.message, "RenkuLab has no resource class for you with 4 CPUs");
        assert_eq!(
            error.causes,
            [
                "POOL     CLASS   CPU  MEMORY  GPU  DISK",
                "gpus     gpu     0.5  1 GB    1    100 GB",
                "default  small   0.5  1 GB    0    20 GB",
                "default  medium  1    4 GB    0    40 GB",
                "default  large   4    16 GB   0    40 GB",
            ]
        );
    }

    #[test]
    fn a_disk_alone_keeps_the_usual_class_when_that_allows_it() {
        let disk = |bytes| Resources { disk: Some(bytes), ..nothing() };
        let choice = chosen("max_storage=10", disk(10 << 30)).unwrap();
        assert_eq!(choice, Choice { class: None, disk: Some(10) });
        let choice = chosen("max_storage=30", disk(30 << 30)).unwrap();
        assert_eq!(choice, Choice { class: Some(2), disk: Some(30) });
    }

    #[test]
    fn the_launchers_disk_is_no_larger_than_the_class_allows_and_that_is_said() {
        let launcher = r#"{"id":"l","name":"L","disk_storage":50,"environment":{}}"#;
        let launcher: Launcher = serde_json::from_str(launcher).unwrap();
        let mut by_id = ask();
        by_id.config.resource_class_id = Some(1);
        let by_size = Ask { resources: Resources { cpu: Some(0.5), ..nothing() }, ..ask() };
        for (asked, query) in [(by_id, ""), (by_size, "?cpu=0.5")] {
            let request = format!("GET /api/data/resource_pools{query}");
            let outside = Script::new().answer(&request, 200, POOLS);
            let choice = choose(&outside, &asked, Some(&launcher)).unwrap();
            assert_eq!(choice, Choice { class: Some(1), disk: Some(20) });
            assert_eq!(
                outside.lines().last().unwrap(),
                "says: The launcher has 50 GB of disk, and the resource class `small` only 20 GB"
            );
        }
    }

    #[test]
    fn sizes_are_rounded_up_and_that_is_said() {
        let outside = Script::new().answer("GET /api/data/resource_pools?memory=2", 200, POOLS);
        let resources = Resources { memory: Some(1_500_000_000), ..nothing() };
        choose(&outside, &Ask { resources, ..ask() }, None).unwrap();
        assert_eq!(
            outside.lines().first().unwrap(),
            "says: RenkuLab counts memory in whole gigabytes: asking for 2 GB"
        );
    }

    #[test]
    fn all_gpus_cannot_be_had() {
        let gpu = Some(GpuRequest::All);
        let error = chosen("", Resources { gpu, ..nothing() }).unwrap_err();
        assert_eq!(error.message, "RenkuLab has no sessions with all GPUs");
    }
}
