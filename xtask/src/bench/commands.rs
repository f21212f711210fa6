//! What is measured: one function for each question, each gives its rows.

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant, SystemTime};

use anyhow::{Context as _, Result, bail};
use xtask_common::{in_target, shell};

use super::ground::{Ground, LABEL};
use super::measure::{self, Compared};
use super::peak;
use super::report::{Limit, Row};
use super::statistics::Spread;
use crate::build_command::Component;
use crate::program::{self, Program, Session};
use crate::{docker, http, image, packages, test_command};

/// Pairs of what is quick, and those before that do not count.
const QUICK: usize = 40;
const WARM_UP: usize = 5;
/// Repetitions of what is slow.
const SLOW: usize = 15;
/// Sessions of a list that is long.
const MANY: usize = 1000;
/// Until a session that was just started must answer.
const READY: Duration = Duration::from_secs(60);

/// How the figures came about, for who reads them.
pub(super) const METHOD: &str = "Medians. Commands beside `docker` ran in turns with it, 40 times \
     after 5 that do not count; starts, stops, memory and first use 15 times. On RenkuLab: the best of 8.";

/// `session ls` with one session, beside `docker ps`.
pub(super) fn list(program: &Program) -> Result<Vec<Row>> {
    let compared = measure::pairs(
        WARM_UP,
        QUICK,
        || Ok(measure::time(program.session(&["ls"]))?.0),
        || Ok(measure::time(docker::command(&["ps"]))?.0),
    )?
    .compare()?;
    let row = row("session ls / docker ps", &compared);
    Ok(vec![row.target(Limit::Ratio(0.4)).limit(Limit::Ratio(0.5))])
}

/// The same with a thousand sessions, which only a recorded engine has.
pub(super) fn long_list(root: &Path, ground: &Ground) -> Result<Vec<Row>> {
    let recorded = ground.recorded(MANY)?;
    let program = ground.program().clone().env("DOCKER_HOST", recorded.address());
    let ours = || program.session(&["ls"]);
    let theirs = || {
        let mut command = docker::command(&["ps", "--all"]);
        command.env("DOCKER_HOST", recorded.address());
        command
    };
    let lines = String::from_utf8(measure::time(ours())?.1)?.lines().count();
    if lines != MANY + 1 {
        bail!("`session ls` shows {lines} lines for {MANY} sessions");
    }
    let compared = measure::pairs(
        WARM_UP,
        QUICK,
        || Ok(measure::time(ours())?.0),
        || Ok(measure::time(theirs())?.0),
    )?
    .compare()?;
    let row = row(&format!("… with {MANY} sessions"), &compared).target(Limit::Ratio(0.4));
    Ok(vec![row, peaks(root, &format!("peak memory with {MANY}"), ours, theirs)?])
}

/// Peak memory of the first two.
pub(super) fn memory(root: &Path, program: &Program) -> Result<Vec<Row>> {
    let ours = || program.session(&["ls"]);
    Ok(vec![peaks(root, "peak memory of both", ours, || docker::command(&["ps"]))?])
}

fn peaks(
    root: &Path,
    what: &str,
    our: impl Fn() -> Command,
    their: impl Fn() -> Command,
) -> Result<Row> {
    let mut ours = Vec::new();
    let mut theirs = Vec::new();
    for _ in 0..SLOW {
        ours.push(peak::measure(root, &our())?);
        theirs.push(peak::measure(root, &their())?);
    }
    let (ours, theirs) = (median(&ours)?, median(&theirs)?);
    let ratio = ours / theirs;
    let spread = Spread { lower: ratio, median: ratio, upper: ratio };
    Ok(Row::new(what, ours, "MiB").beside(theirs, spread).target(Limit::Ratio(1.0)))
}

/// From the bytes of the provider to an instance of it, as the program says with
/// `-vv`.
pub(super) fn load(program: &Program) -> Result<Vec<Row>> {
    let mut figures = Vec::new();
    for round in 0..WARM_UP + QUICK {
        let output = program.session(&["ls", "-vv"]).output()?;
        let said = String::from_utf8(output.stderr)?;
        let figure = said.lines().find_map(|line| {
            let (_, rest) = line.split_once("was loaded in ")?;
            rest.strip_suffix(" µs")?.parse::<f64>().ok()
        });
        let figure = figure.with_context(|| format!("no time of loading in {said:?}"))?;
        if round >= WARM_UP {
            figures.push(figure / 1000.0);
        }
    }
    Ok(vec![Row::new("loading the provider", median(&figures)?, "ms").target(Limit::Figure(1.0))])
}

/// What TAB takes for names of sessions.
pub(super) fn completion(program: &Program) -> Result<Vec<Row>> {
    let figures = (0..WARM_UP + QUICK)
        .map(|_| {
            Ok(measure::time(program.command(&["__complete", "renku", "session", "stop", ""]))?.0)
        })
        .collect::<Result<Vec<_>>>()?;
    let figures: Vec<f64> = figures.into_iter().skip(WARM_UP).collect();
    let row = Row::new("completion of a name", median(&figures)?, "ms");
    Ok(vec![row.target(Limit::Figure(20.0))])
}

/// From the moment that a session begins to answer until `start` has ended: the
/// session itself writes a file right before its web server begins.
pub(super) fn readiness(ground: &Ground) -> Result<Vec<Row>> {
    let config = ground.readiness_config()?;
    let mut figures = Vec::new();
    for _ in 0..=SLOW {
        let arguments = ["start", "--yes", "--format", "json", "--image", image::HTTPD_IMAGE];
        let mut command = ground.program().session(&arguments);
        command.args(["-p", "docker", "--config"]).arg(&config);
        let (_, output) = measure::time(command)?;
        let noticed = SystemTime::now();
        let session = program::started(&output)?;
        let answers = std::fs::metadata(ground.ready_file()?)?.modified()?;
        figures.push(noticed.duration_since(answers)?.as_secs_f64() * 1000.0);
        measure::time(ground.program().session(&["stop", &session.name]))?;
    }
    let figures: Vec<f64> = figures.into_iter().skip(1).collect();
    let row = Row::new("readiness noticed, and told", median(&figures)?, "ms");
    Ok(vec![row.target(Limit::Figure(50.0))])
}

/// `session --help`, which runs no provider.
pub(super) fn help(program: &Program) -> Result<Vec<Row>> {
    let figures = (0..WARM_UP + QUICK)
        .map(|_| Ok(measure::time(program.session(&["--help"]))?.0))
        .collect::<Result<Vec<_>>>()?;
    let figures: Vec<f64> = figures.into_iter().skip(WARM_UP).collect();
    Ok(vec![Row::new("session --help", median(&figures)?, "ms").target(Limit::Figure(5.0))])
}

/// `session ls` that finds no compiled code of the provider.
pub(super) fn first_use(ground: &Ground) -> Result<Vec<Row>> {
    let mut figures = Vec::new();
    for _ in 0..SLOW {
        let (program, cache) = ground.first_use()?;
        figures.push(measure::time(program.session(&["ls"]))?.0);
        if std::fs::read_dir(cache.path())?.next().is_none() {
            bail!("`session ls` left nothing in its cache: this was no first use");
        }
    }
    let row = Row::new("first use, with compilation", median(&figures)?, "ms");
    Ok(vec![row.target(Limit::Figure(300.0)).limit(Limit::Figure(1000.0))])
}

/// `session start --no-wait` beside `docker run` of the same `image` with the same
/// mount, and `session stop` beside `docker stop` once both have answered.
pub(super) fn life(ground: &Ground, image: &str) -> Result<Vec<Row>> {
    let mut starts = measure::Pairs::default();
    let mut stops = measure::Pairs::default();
    let mount = format!("{}:/home/jovyan/work", ground.project()?);
    // The first pair does not count.
    for round in 0..=SLOW {
        let ((our_start, session), (their_start, id)) =
            measure::in_turns(round, || start(ground.program()), || docker_run(image, &mount))?;
        wait(&session.url)?;
        let port = docker::output(&["port", &id, "8888/tcp"])?;
        let address = port.lines().next().context("the container has no port")?;
        wait(&format!("http://{address}/api"))?;
        let ((our_stop, _), (their_stop, _)) = measure::in_turns(
            round,
            || measure::time(ground.program().session(&["stop", &session.name])),
            || measure::time(docker::command(&["stop", &id])),
        )?;
        docker::output(&["rm", "-v", &id])?;
        if round > 0 {
            starts.push(our_start, their_start);
            stops.push(our_stop, their_stop);
        }
    }
    let (starts, stops) = (starts.compare()?, stops.compare()?);
    Ok(vec![
        row("session start --no-wait / docker run", &starts).target(Limit::Ratio(1.15)),
        Row::new("… of our own", starts.difference.median, "ms").target(Limit::Figure(20.0)),
        row("session stop / docker stop", &stops).target(Limit::Ratio(1.15)),
    ])
}

/// The CPU time of a start on a RenkuLab that answers at once: nothing of it is
/// spent there. The fake RenkuLab is of the tests, and so is the measurement.
pub(super) fn renkulab(root: &Path, program: &Path) -> Result<Vec<Row>> {
    let tests = test_command::of_packages(root, &[packages::TESTS]);
    let mut command = test_command::with_environment(tests, program)?;
    command.args(["--quiet", "--", "--nocapture", "renkulab::speed"]);
    let said = shell::output(&mut command)?;
    let figure = said.lines().find_map(|line| {
        let (_, rest) = line.split_once("start on RenkuLab: ")?;
        rest.strip_suffix(" ms of CPU time")?.parse::<f64>().ok()
    });
    let figure = figure.with_context(|| format!("no time of a start in {said:?}"))?;
    let row = Row::new("a start on RenkuLab, of our own", figure, "ms");
    Ok(vec![row.target(Limit::Figure(30.0))])
}

/// Sizes of the program and of the providers in it. What is handed out is linked as a
/// whole, which takes long: it is there after `cargo xtask dist`.
pub(super) fn sizes(program: &Path, built: &[Component]) -> Result<Vec<Row>> {
    let mebibytes =
        |file: &Path| -> Result<f64> { Ok(std::fs::metadata(file)?.len() as f64 / 1_048_576.0) };
    let mut rows = vec![Row::new("binary", mebibytes(program)?, "MiB")];
    let handed_out = in_target("dist/renku")?;
    if handed_out.exists() {
        let row = Row::new("binary of a release", mebibytes(&handed_out)?, "MiB");
        rows.push(row.target(Limit::Figure(25.0)));
    }
    for component in built.iter().filter(|component| !is_fixture(component)) {
        let size = component.size as f64 / 1024.0;
        let row = Row::new(format!("{}.wasm", component.name), size, "KiB");
        rows.push(match component.name.as_str() {
            "docker" => row.limit(Limit::Figure(200.0)),
            "renkulab" => row.limit(Limit::Figure(400.0)),
            _ => row,
        });
    }
    Ok(rows)
}

fn is_fixture(component: &Component) -> bool {
    component.path.parent().is_some_and(|folder| folder.ends_with("fixtures"))
}

fn row(what: &str, compared: &Compared) -> Row {
    Row::new(what, compared.ours.median, "ms").beside(compared.theirs.median, compared.ratio)
}

fn median(figures: &[f64]) -> Result<f64> {
    Ok(Spread::of(figures).context("nothing was measured")?.median)
}

fn start(program: &Program) -> Result<(f64, Session)> {
    let command = program.session(&["start", "--yes", "--no-wait", "--format", "json"]);
    let (milliseconds, output) = measure::time(command)?;
    Ok((milliseconds, program::started(&output)?))
}

fn docker_run(image: &str, mount: &str) -> Result<(f64, String)> {
    let mut command = docker::command(&["run", "-d", "--init", "--label", LABEL]);
    command.args(["-p", "127.0.0.1::8888", "-e", "JUPYTER_TOKEN=bench", "-v", mount, image]);
    let (milliseconds, output) = measure::time(command)?;
    Ok((milliseconds, String::from_utf8(output)?.trim().to_owned()))
}

/// Waits until a GET of the URL is answered with 200.
fn wait(url: &str) -> Result<()> {
    let begin = Instant::now();
    loop {
        let answer = http::get(url);
        match answer {
            Ok(answer) if answer.status == 200 => return Ok(()),
            _ if begin.elapsed() < READY => std::thread::sleep(Duration::from_millis(20)),
            Ok(answer) => bail!("the session answers with status {}", answer.status),
            Err(error) => return Err(error.context("the session does not answer")),
        }
    }
}
