//! An engine that delays, cuts, garbles, floods, falls silent, or refuses after it has done
//! what it was asked: at every request that a command makes.
//!
//! Commands are watched first, to know which of them ask for what. Then each fault befalls
//! each request once, by a command that makes it, as long as there is time.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use support::{Context, ENDPOINTS, EngineProxy, Fault};

use crate::ground::Ground;
use crate::random::Random;
use crate::report::Report;
use crate::situations::words;
use crate::situations::{
    Line, Situation, built, changed, copy, nothing, paused, session, start, strs, worked_copy,
};
use crate::{bounds, census};

type Make = fn() -> Fault;

/// Every fault.
const FAULTS: [(&str, Make); 16] = [
    ("a delay", || Fault::Delay(Duration::from_millis(700))),
    ("403", || Fault::status(403)),
    ("404", || Fault::status(404)),
    ("409", || Fault::status(409)),
    ("500", || Fault::status(500)),
    ("500 after doing it", || Fault::status(500).after_doing()),
    ("404 after doing it", || Fault::status(404).after_doing()),
    ("no answer", || Fault::Close),
    ("no answer after doing it", || Fault::Close.after_doing()),
    ("garbage", Fault::garbage),
    ("a garbled answer", Fault::garbled),
    ("a garbled answer after doing it", || Fault::garbled().after_doing()),
    ("an answer that is cut", || Fault::Cut(150)),
    ("a flood", || Fault::endless("[", "{},")),
    ("silence", || Fault::Hang),
    ("silence in an answer", || Fault::Freeze(150)),
];

/// What a user does, and what is there before.
const COMMANDS: [(Situation, Line); 15] = [
    (nothing, || start(&[])),
    (nothing, || start(&["--mount", "volume"])),
    (changed, || words("session start --yes --no-wait")),
    // Nobody has it, and no registry answers there.
    (nothing, || words("session start --yes --image 127.0.0.1:1/nobody/has:this")),
    (session, || words("session ls")),
    (copy, || words("session ls --all-projects")),
    (session, || words("session logs")),
    (worked_copy, || words("session pull --yes")),
    (session, || words("session pause")),
    (paused, || words("session resume")),
    (session, || words("session open --no-browser")),
    (built, || words("session image prune --yes")),
    (changed, || words("session image")),
    (copy, || words("session stop --all --yes")),
    (session, || words("session doctor")),
];

/// Most of the time is spent waiting for silent engines.
const AT_ONCE: usize = 6;
/// So many faults befall one user before there is another one.
const USERS_FAULTS: usize = 12;

/// One fault to come.
struct Trial {
    command: usize,
    endpoint: &'static str,
    fault: &'static str,
    make: Make,
}

pub fn run(random: &mut Random, time: Duration, report: &mut Report) {
    let end = Instant::now() + time;
    let asked = watched();
    let mut trials = Vec::new();
    for (endpoint, commands) in &asked {
        for (fault, make) in FAULTS {
            let command = commands[random.below(commands.len())];
            trials.push(Trial { command, endpoint, fault, make });
        }
    }
    let all = trials.len();
    let waiting = Mutex::new(VecDeque::from(random.shuffled(trials)));
    let report = Mutex::new(report);
    std::thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| work(&waiting, end, &report));
        }
    });
    let report = report.into_inner().unwrap_or_else(PoisonError::into_inner);
    let unasked: Vec<&str> =
        ENDPOINTS.iter().copied().filter(|endpoint| !asked.contains_key(endpoint)).collect();
    report.note(format!(
        "{} requests with {} faults each, {all} in all; no command makes {}",
        asked.len(),
        FAULTS.len(),
        unasked.join(", ")
    ));
}

/// Which commands make which requests.
fn watched() -> BTreeMap<&'static str, Vec<usize>> {
    let waiting = Mutex::new((0..COMMANDS.len()).collect::<VecDeque<usize>>());
    let asked = Mutex::new(BTreeMap::<&str, Vec<usize>>::new());
    std::thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                let context = Context::docker();
                while let Some(command) = lock(&waiting).pop_front() {
                    let proxy = EngineProxy::watching();
                    let ground = Ground::new(&context).behind(proxy.address());
                    let (before, line) = COMMANDS[command];
                    before(&ground);
                    let count = proxy.count();
                    let _ = ground.run(&strs(&line()));
                    for endpoint in ENDPOINTS {
                        if proxy.was_asked_since(count, endpoint) {
                            lock(&asked).entry(endpoint).or_default().push(command);
                        }
                    }
                    let _ = census::stopped(&ground);
                }
            });
        }
    });
    let mut asked = asked.into_inner().unwrap_or_else(PoisonError::into_inner);
    // In one order, whoever was first.
    asked.values_mut().for_each(|commands| commands.sort_unstable());
    asked
}

fn work(waiting: &Mutex<VecDeque<Trial>>, end: Instant, report: &Mutex<&mut Report>) {
    while Instant::now() < end {
        let context = Context::docker();
        let mut last = None;
        let mut tried = Vec::new();
        for _ in 0..USERS_FAULTS {
            let next = lock(waiting).pop_front().filter(|_| Instant::now() < end);
            let Some(trial) = next else { break };
            let ground = Ground::new(&context);
            let (what, wrong) = try_one(&ground, &trial);
            let mut report = lock(report);
            report.count("faults");
            for wrong in wrong {
                report.find(&what, &wrong);
            }
            tried.push(what);
            last = Some(ground);
        }
        let Some(ground) = last else { return };
        for wrong in census::after(&ground) {
            lock(report).find(&format!("after all of these:\n{}", tried.join("\n")), &wrong);
        }
    }
}

fn try_one(ground: &Ground<'_>, trial: &Trial) -> (String, Vec<String>) {
    let Trial { command, endpoint, fault, make } = trial;
    let (before, line) = COMMANDS[*command];
    let line = line();
    let what = format!("{fault} to `{endpoint}` of `{}`", line.join(" "));
    before(ground);
    let proxy = EngineProxy::watching();
    proxy.fault_once(endpoint, make());
    let renku = ground.renku(&strs(&line)).env("DOCKER_HOST", proxy.address());
    let (run, wrong) = bounds::run(renku);
    let mut wrong: Vec<String> = wrong.into_iter().collect();
    let left = census::stopped(ground);
    if !left.is_empty() {
        wrong.push(format!("what was done\n{}", bounds::shown(&run)));
    }
    wrong.extend(left);
    (what, wrong)
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
