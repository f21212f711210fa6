//! Which resource class a session gets: RenkuLab has no "two CPUs", it has
//! classes, and one of them is the smallest that is large enough.

use renku_session_sdk::invocation::Level;
use renku_session_sdk::{Error, ErrorKind, Result};

use crate::ask::Ask;
use crate::image;
use crate::model::{Class, ImageAnswer, Launcher};
use crate::outside::Outside;
use crate::pools::{Place, Pools};
use crate::wish::Wish;

/// What is sent with a start; nothing means the launcher's own choice.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Choice {
    /// The number of the class.
    pub(crate) class: Option<u64>,
    /// Gigabytes.
    pub(crate) disk: Option<u64>,
    /// The class that a new session gets, with its size.
    pub(crate) in_words: Option<String>,
}

/// The class for what was asked; `launcher` says what is usual, `image` what must run there.
///
/// # Errors
///
/// `resource-exhausted` with all classes when none is large enough, `not-found` for one that
/// is not open to the user, `denied` without the account that it needs.
pub(crate) fn choose(
    outside: &dyn Outside,
    ask: &Ask,
    pools: &Pools,
    wish: &Wish,
    launcher: Option<&Launcher>,
    image: &str,
) -> Result<Choice> {
    let named = named(ask, pools)?;
    if named.is_some() && !wish.is_disk_only() {
        return Err(Error::invalid_input(
            "a class by its name or number, and `--cpu`, `--memory` or `--gpu`, are two choices",
        )
        .help("leave one of them out"));
    }
    let is_by_platform = pools.0.iter().any(|pool| pool.platform.is_some());
    let image = is_by_platform.then(|| image::look(outside, image)).transpose()?;
    let usual = pools.usual(launcher);
    let keeps_usual = wish.is_disk_only() && usual.is_none_or(|place| wish.fits(place.class));
    let (place, sent) = match (named, usual) {
        (Some(place), _) => (Some(place), true),
        (None, None) if keeps_usual && is_closed(launcher) => {
            return Err(closed(pools, launcher, image.as_ref()));
        }
        (None, usual) if keeps_usual => (usual, false),
        (None, usual) => (Some(smallest(pools, wish, usual, image.as_ref())?), true),
    };
    if let Some(place) = place {
        check(outside, pools, place, image.as_ref())?;
    }
    // The service takes the launcher's disk only from the request.
    let usual_disk = launcher.and_then(|launcher| launcher.disk_storage);
    let disk = wish.disk.or_else(|| within(outside, usual_disk, place.map(|it| it.class)));
    let class = place.filter(|_| sent).map(|place| place.class.id);
    Ok(Choice { class, disk, in_words: place.map(|place| place.in_words()) })
}

/// The class that the user named.
fn named<'a>(ask: &Ask, pools: &'a Pools) -> Result<Option<Place<'a>>> {
    let id = |text: &str| text.parse().ok();
    let by_id = ask.config.resource_class_id.or_else(|| id(ask.class.as_deref()?));
    let found = match (by_id, ask.class.as_deref()) {
        (None, None) => return Ok(None),
        (Some(id), _) => (id.to_string(), pools.find(id).into_iter().collect()),
        (None, Some(name)) => (name.to_owned(), pools.named(name)),
    };
    match found {
        (_, places) if places.len() == 1 => Ok(places.first().copied()),
        (name, places) if places.is_empty() => Err(pools.listing(
            Error::not_found(format!(
                "RenkuLab has no resource class `{name}` that is open to you"
            ))
            .help("name one of these with `--class`"),
        )),
        (name, places) => {
            let all: Vec<String> =
                places.iter().map(|it| format!("`{}/{}`", it.pool.name, it.class.name)).collect();
            Err(Error::invalid_input(format!(
                "{} resource classes are called `{name}`: {}",
                places.len(),
                all.join(", ")
            ))
            .help("name it with its pool, such as `--class POOL/CLASS`"))
        }
    }
}

/// What would make a session in this class fail, or never run.
fn check(
    outside: &dyn Outside,
    pools: &Pools,
    place: Place<'_>,
    image: Option<&ImageAnswer>,
) -> Result<()> {
    let name = place.name();
    let other = "take another class with `--class`, or say how much you need, such as `--cpu 1`";
    if place.is_exhausted() {
        return Err(pools.listing(
            Error::new(
                ErrorKind::ResourceExhausted,
                format!("your hours of this week in the class `{name}` are used up"),
            )
            .help(other),
        ));
    }
    if let Some(image) = image.filter(|image| !place.runs(image)) {
        return Err(wrong_platform(&place, image)
            .help(format!("build the image for that platform, or {other}")));
    }
    place.require_account(outside)
}

fn wrong_platform(place: &Place<'_>, image: &ImageAnswer) -> Error {
    let built: Vec<String> =
        image.platforms.iter().map(|it| format!("{}/{}", it.os, it.architecture)).collect();
    Error::invalid_input(format!(
        "the image is built for {}, and the class `{}` runs {}",
        built.join(" and "),
        place.name(),
        place.pool.platform.as_deref().unwrap_or_default()
    ))
}

fn is_closed(launcher: Option<&Launcher>) -> bool {
    launcher.is_some_and(|launcher| launcher.resource_class_id.is_some())
}

/// The launcher was made by somebody with other rights.
fn closed(pools: &Pools, launcher: Option<&Launcher>, image: Option<&ImageAnswer>) -> Error {
    let name = launcher.map(|launcher| launcher.name.as_str()).unwrap_or_default();
    let works =
        |place: &Place<'_>| !place.is_exhausted() && image.is_none_or(|image| place.runs(image));
    let example = pools.default_class().filter(works).or_else(|| pools.all().find(works));
    let error = Error::new(
        ErrorKind::Denied,
        format!("the resource class of the launcher `{name}` is not open to you"),
    );
    pools.listing(match example {
        None => error.help("ask an owner of the project for another class"),
        Some(place) => error.help(format!("take one of these, such as `--class {}`", place.name())),
    })
}

/// The smallest class that fits: of the launcher's pool, else of the default pool, else of
/// any that is RenkuLab's own. A GPU is taken only where the launcher has one, or the user
/// asks for one.
fn smallest<'a>(
    pools: &'a Pools,
    wish: &Wish,
    usual: Option<Place<'a>>,
    image: Option<&ImageAnswer>,
) -> Result<Place<'a>> {
    let usual_gpus = usual.map_or(0, |place| place.class.gpu);
    let wish = Wish { gpu: wish.gpu.or(Some(usual_gpus)), ..*wish };
    let has_gpus = wish.gpu > Some(0);
    let is_usual_pool =
        |place: &Place<'_>| usual.is_some_and(|usual| std::ptr::eq(usual.pool, place.pool));
    let fits = |place: &Place<'_>| {
        let class = place.class;
        class.matching.unwrap_or(true)
            && wish.fits(class)
            && (class.gpu == 0 || has_gpus)
            && (place.pool.remote.is_none() || is_usual_pool(place))
            && !place.is_exhausted()
            && !place.exceeds_its_pool()
    };
    let fitting: Vec<Place<'_>> = pools.all().filter(fits).collect();
    let running = fitting.iter().filter(|place| image.is_none_or(|image| place.runs(image)));
    let found = running.min_by(|one, other| {
        let rank = |place: &Place<'_>| (!is_usual_pool(place), !place.pool.default);
        let (this, that) = (one.class, other.class);
        rank(one)
            .cmp(&rank(other))
            .then(this.gpu.cmp(&that.gpu))
            .then(this.cpu.total_cmp(&that.cpu))
            .then(this.memory.cmp(&that.memory))
            .then(this.id.cmp(&that.id))
    });
    match (found, fitting.first(), image) {
        (Some(place), ..) => Ok(*place),
        (None, Some(place), Some(image)) => Err(pools.listing(
            wrong_platform(place, image).help("build the image for the platform of a class"),
        )),
        _ => Err(nothing_fits(pools, &wish)),
    }
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

fn nothing_fits(pools: &Pools, wish: &Wish) -> Error {
    pools.listing(
        Error::new(
            ErrorKind::ResourceExhausted,
            format!("RenkuLab has no resource class for you with {}", wish.in_words()),
        )
        .help("ask for less, or name a class of the table with `--class`"),
    )
}

#[cfg(test)]
mod tests {
    use renku_session_sdk::{GpuRequest, Resources};

    use super::*;
    use crate::testing::{Script, ask};

    const POOLS: &str = r#"[
        {"name":"gpus","id":2,"quota":{"cpu":8,"memory":64,"gpu":2},"classes":[
            {"id":9,"name":"gpu","cpu":8,"memory":32,"gpu":1,"max_storage":100},
            {"id":10,"name":"gpus","cpu":8,"memory":32,"gpu":4,"max_storage":100}]},
        {"name":"default","id":1,"default":true,"classes":[
            {"id":1,"name":"small","default":true,"cpu":0.5,"memory":1,"gpu":0,"max_storage":20},
            {"id":2,"name":"medium","cpu":1,"memory":4,"gpu":0,"max_storage":40},
            {"id":3,"name":"large","cpu":4,"memory":16,"gpu":0,"max_storage":40,"matching":false}]},
        {"name":"big","id":3,"classes":[
            {"id":4,"name":"large","cpu":4,"memory":16,"gpu":0,"max_storage":200,
             "usage_hours_remaining":9.5,"usage_hours_total":12.5},
            {"id":5,"name":"xlarge","cpu":6,"memory":32,"gpu":0,"max_storage":200,
             "quota_enforced":true,"usage_hours_remaining":0,"usage_hours_total":12.5}]},
        {"name":"hpc","id":4,"remote":{"kind":"firecrest","provider_id":"cscs"},"classes":[
            {"id":6,"name":"node","cpu":2,"memory":4,"gpu":0,"max_storage":100}]}]"#;

    const PLATFORMS: &str = r#"[
        {"name":"default","id":1,"default":true,"platform":"linux/amd64","classes":[
            {"id":1,"name":"small","default":true,"cpu":0.5,"memory":1,"max_storage":20}]},
        {"name":"arm","id":2,"platform":"linux/arm64","classes":[
            {"id":2,"name":"a","cpu":1,"memory":1,"max_storage":20}]}]"#;

    fn pools(text: &str) -> Pools {
        Pools(serde_json::from_str(text).unwrap())
    }

    fn launcher(text: &str) -> Launcher {
        let text = format!(r#"{{"id":"l","name":"L","environment":{{}}{text}}}"#);
        serde_json::from_str(&text).unwrap()
    }

    fn chosen_with(outside: &Script, asked: &Ask, more: &str, all: &str) -> Result<Choice> {
        let wish = Wish::of(outside, &asked.resources)?;
        choose(outside, asked, &pools(all), &wish, Some(&launcher(more)), "x/y:1")
    }

    fn chosen(resources: Resources, more: &str) -> Result<Choice> {
        chosen_with(&Script::new(), &Ask { resources, ..ask() }, more, POOLS)
    }

    fn by_name(name: &str) -> Result<Choice> {
        let outside = Script::new().answer("GET /api/data/oauth2/connections", 200, "[]");
        chosen_with(&outside, &Ask { class: Some(name.into()), ..ask() }, "", POOLS)
    }

    fn nothing() -> Resources {
        ask().resources
    }

    fn cpus(cpu: f64) -> Resources {
        Resources { cpu: Some(cpu), ..nothing() }
    }

    fn disk(bytes: u64) -> Resources {
        Resources { disk: Some(bytes), ..nothing() }
    }

    #[test]
    fn the_smallest_class_that_fits_is_taken_and_told() {
        let choice = chosen(cpus(0.6), "").unwrap();
        assert_eq!(choice.class, Some(2));
        assert_eq!(choice.in_words.as_deref(), Some("the class `medium` (1 CPUs, 4 GB of memory)"));
        let choice = chosen(cpus(4.0), "").unwrap();
        assert_eq!(
            choice.in_words.as_deref(),
            Some(
                "the class `big/large` (4 CPUs, 16 GB of memory, 9.5 of 12.5 hours left this week)"
            )
        );
    }

    #[test]
    fn nothing_asked_keeps_the_class_of_the_launcher() {
        let choice = chosen(nothing(), r#","resource_class_id":2"#).unwrap();
        assert_eq!(choice.class, None);
        assert_eq!(choice.in_words.as_deref(), Some("the class `medium` (1 CPUs, 4 GB of memory)"));
    }

    #[test]
    fn a_gpu_is_neither_taken_by_chance_nor_lost() {
        // Only classes with GPUs have so many CPUs.
        assert_eq!(chosen(cpus(8.0), "").unwrap_err().kind, ErrorKind::ResourceExhausted);
        let with_gpu = r#","resource_class_id":9"#;
        assert_eq!(chosen(cpus(0.5), with_gpu).unwrap().class, Some(9));
        let gpu = |count| Resources { gpu: Some(GpuRequest::Count(count)), ..cpus(0.5) };
        assert_eq!(chosen(gpu(0), with_gpu).unwrap().class, Some(1));
        assert_eq!(chosen(gpu(1), "").unwrap().class, Some(9));
        // More than the whole pool may have would never run.
        assert_eq!(chosen(gpu(2), "").unwrap_err().kind, ErrorKind::ResourceExhausted);
    }

    #[test]
    fn the_pool_of_the_launcher_comes_first_then_the_default_one() {
        assert_eq!(chosen(cpus(0.5), "").unwrap().class, Some(1));
        assert_eq!(chosen(cpus(0.5), r#","resource_class_id":4"#).unwrap().class, Some(4));
    }

    #[test]
    fn hours_that_are_used_up_and_machines_elsewhere_are_left_out() {
        assert_eq!(chosen(cpus(6.0), "").unwrap_err().kind, ErrorKind::ResourceExhausted);
        let error = chosen(nothing(), r#","resource_class_id":5"#).unwrap_err();
        assert_eq!(error.message, "your hours of this week in the class `big/xlarge` are used up");
        assert_eq!(by_name("hpc/node").unwrap_err().kind, ErrorKind::Denied);
    }

    #[test]
    fn a_class_is_named_by_its_number_or_its_name() {
        assert_eq!(by_name("2").unwrap().class, Some(2));
        assert_eq!(by_name("MEDIUM").unwrap().class, Some(2));
        assert_eq!(by_name("big/large").unwrap().class, Some(4));
        let error = by_name("large").unwrap_err();
        assert_eq!(
            error.message,
            "2 resource classes are called `large`: `default/large`, `big/large`"
        );
        let error = by_name("huge").unwrap_err();
        assert_eq!(error.message, "RenkuLab has no resource class `huge` that is open to you");
        assert_eq!(error.causes.len(), 9);
    }

    #[test]
    fn a_class_that_is_closed_to_the_user_says_which_work() {
        let error = chosen(nothing(), r#","resource_class_id":77"#).unwrap_err();
        assert_eq!(error.message, "the resource class of the launcher `L` is not open to you");
        assert_eq!(error.help.as_deref(), Some("take one of these, such as `--class small`"));
        assert_eq!(chosen(cpus(0.5), r#","resource_class_id":77"#).unwrap().class, Some(1));
    }

    #[test]
    fn an_image_runs_only_on_its_platform() {
        let image = "GET /api/data/sessions/images?image_url=x/y:1";
        let built_for = |architecture: &str| {
            let answer = format!(
                r#"{{"accessible":true,"platforms":[{{"os":"linux","architecture":"{architecture}"}}]}}"#
            );
            Script::new().answer(image, 200, &answer)
        };
        let error = chosen_with(&built_for("arm64"), &ask(), "", PLATFORMS).unwrap_err();
        assert_eq!(
            error.message,
            "the image is built for linux/arm64, and the class `small` runs linux/amd64"
        );
        let asked = Ask { resources: cpus(0.5), ..ask() };
        assert_eq!(chosen_with(&built_for("arm64"), &asked, "", PLATFORMS).unwrap().class, Some(2));
        assert!(chosen_with(&built_for("amd64"), &ask(), "", PLATFORMS).is_ok());
        let unknown = Script::new().answer(image, 200, r#"{"accessible":true}"#);
        assert!(chosen_with(&unknown, &ask(), "", PLATFORMS).is_ok());
    }

    #[test]
    fn a_class_that_the_service_does_not_mark_is_not_taken() {
        let resources = Resources { memory: Some(64 << 30), ..nothing() };
        let error = chosen(resources, "").unwrap_err();
        assert_eq!(error.kind, ErrorKind::ResourceExhausted);
        assert_eq!(error.message, "RenkuLab has no resource class for you with 64 GB of memory");
        assert_eq!(
            error.causes,
            [
                "POOL     CLASS   ID  CPU  MEMORY  GPU  DISK    PLATFORM",
                "gpus     gpu     9   8    32 GB   1    100 GB",
                "gpus     gpus    10  8    32 GB   4    100 GB",
                "default  small   1   0.5  1 GB    0    20 GB",
                "default  medium  2   1    4 GB    0    40 GB",
                "default  large   3   4    16 GB   0    40 GB",
                "big      large   4   4    16 GB   0    200 GB",
                "big      xlarge  5   6    32 GB   0    200 GB",
                "hpc      node    6   2    4 GB    0    100 GB",
            ]
        );
    }

    #[test]
    fn a_disk_alone_keeps_the_usual_class_when_that_allows_it() {
        let choice = chosen(disk(10 << 30), "").unwrap();
        assert_eq!((choice.class, choice.disk), (None, Some(10)));
        let choice = chosen(disk(30 << 30), "").unwrap();
        assert_eq!((choice.class, choice.disk), (Some(2), Some(30)));
    }

    #[test]
    fn the_launchers_disk_is_no_larger_than_the_class_allows_and_that_is_said() {
        let by_id = Ask { class: Some("1".into()), ..ask() };
        let by_size = Ask { resources: cpus(0.5), ..ask() };
        for asked in [by_id, by_size] {
            let outside = Script::new();
            let choice = chosen_with(&outside, &asked, r#","disk_storage":50"#, POOLS).unwrap();
            assert_eq!((choice.class, choice.disk), (Some(1), Some(20)));
            assert_eq!(
                outside.lines().last().unwrap(),
                "says: The launcher has 50 GB of disk, and the resource class `small` only 20 GB"
            );
        }
    }

    #[test]
    fn sizes_are_rounded_up_and_that_is_said() {
        let outside = Script::new();
        let resources = Resources { memory: Some(1_500_000_000), ..nothing() };
        chosen_with(&outside, &Ask { resources, ..ask() }, "", POOLS).unwrap();
        assert_eq!(
            outside.lines().first().unwrap(),
            "says: RenkuLab counts memory in whole gigabytes: asking for 2 GB"
        );
    }

    #[test]
    fn all_gpus_cannot_be_had() {
        let error = chosen(Resources { gpu: Some(GpuRequest::All), ..nothing() }, "").unwrap_err();
        assert_eq!(error.message, "RenkuLab has no sessions with all GPUs");
    }
}
