//! What is measured: one function for each question, each gives its rows.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};

use super::ground::{Ground, LABEL};
use super::measure::{self, Compared};
use super::peak;
use super::report::{Limit, Row};
use super::statistics::Spread;
use crate::components::Built;
use crate::program::{self, Program, Session};
use crate::{docker, http};

/// Pairs of what is quick, and those before that do not count.
const QUICK: usize = 40;
const WARM_UP: usize = 5;
/// Repetitions of what is slow.
const SLOW: usize = 5;
/// Until a session that was just started must answer.
const READY: Duration = Duration::from_secs(60);

/// How the figures came about, for who reads them.
pub(super) const METHOD: &str = "Medians. Commands beside `docker` ran in turns with it, 40 times \
     after 5 that do not count; starts, stops, memory and first use 5 times.";

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

/// Peak memory of the same two.
pub(super) fn memory(root: &Path, program: &Program) -> Result<Vec<Row>> {
    let mut ours = Vec::new();
    let mut theirs = Vec::new();
    for _ in 0..SLOW {
        ours.push(peak::measure(root, &program.session(&["ls"]))?);
        theirs.push(peak::measure(root, &docker::command(&["ps"]))?);
    }
    let (ours, theirs) = (median(&ours)?, median(&theirs)?);
    let ratio = ours / theirs;
    let spread = Spread { lower: ratio, median: ratio, upper: ratio };
    let row = Row::new("peak memory of both", ours, "MiB").beside(theirs, spread);
    Ok(vec![row.target(Limit::Ratio(1.0))])
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

/// Sizes of the program and of the providers in it.
pub(super) fn sizes(root: &Path, built: &[Built]) -> Result<Vec<Row>> {
    let bytes = std::fs::metadata(program::binary(root)?)?.len();
    let mut rows =
        vec![Row::new("binary", bytes as f64 / 1_048_576.0, "MiB").target(Limit::Figure(25.0))];
    for component in built.iter().filter(|component| !is_fixture(component)) {
        let size = component.size as f64 / 1024.0;
        let row = Row::new(format!("{}.wasm", component.name), size, "KiB");
        rows.push(if component.name == "docker" { row.limit(Limit::Figure(200.0)) } else { row });
    }
    Ok(rows)
}

fn is_fixture(component: &Built) -> bool {
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
