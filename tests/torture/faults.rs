//! An engine that delays, cuts, garbles, floods, falls silent, or refuses after it has done
//! what it was asked: at every request that a session's life has.

use std::time::{Duration, Instant};

use support::{Context, ENDPOINTS, EngineProxy, Fault, httpd_image};

use crate::ground::Ground;
use crate::random::Random;
use crate::report::Report;
use crate::{bounds, census};

type Make = fn() -> Fault;

/// Every fault; those that make a command wait come rarely.
const FAULTS: [(&str, Make); 14] = [
    ("a delay", || Fault::Delay(Duration::from_millis(700))),
    ("404", || Fault::status(404)),
    ("409", || Fault::status(409)),
    ("500", || Fault::status(500)),
    ("500 after doing it", || Fault::status(500).after_doing()),
    ("404 after doing it", || Fault::status(404).after_doing()),
    ("no answer", || Fault::Close),
    ("no answer after doing it", || Fault::Close.after_doing()),
    ("garbage", Fault::garbage),
    ("a garbled answer", Fault::garbled),
    ("an answer that is cut", || Fault::Cut(150)),
    ("a flood", || Fault::endless("[", "{},")),
    ("silence", || Fault::Hang),
    ("silence in an answer", || Fault::Freeze(150)),
];

/// What a user does with a session.
const LIFE: [&[&str]; 10] = [
    &["session", "start", "--yes", "--mount", "volume"],
    &["session", "ls"],
    &["session", "logs"],
    &["session", "pull", "--yes"],
    &["session", "pause"],
    &["session", "resume"],
    &["session", "open", "--no-browser"],
    &["session", "image", "prune", "--yes"],
    &["session", "stop", "--all", "--yes"],
    &["session", "doctor"],
];

pub fn run(random: &mut Random, time: Duration, report: &mut Report) {
    let end = Instant::now() + time;
    let all: Vec<(&str, &(&str, Make))> = ENDPOINTS
        .iter()
        .flat_map(|endpoint| FAULTS.iter().map(move |fault| (*endpoint, fault)))
        .collect();
    let context = Context::new();
    for (endpoint, (name, fault)) in random.shuffled(all) {
        if Instant::now() > end {
            return;
        }
        let proxy = EngineProxy::watching();
        let ground = Ground::new(&context).behind(proxy.address());
        proxy.fault_once(endpoint, fault());
        let what = format!("{name} to `{endpoint}`");
        for line in LIFE {
            // The project's own image takes a build, once; afterwards it is named.
            let named = httpd_image();
            let line = match (line, random.below(4)) {
                (["session", "start", ..], 1..) => [line, &["--image", &named]].concat(),
                _ => line.to_vec(),
            };
            let (_, wrong) = bounds::run(ground.renku(&line));
            if let Some(wrong) = wrong {
                report.find(&what, &wrong);
            }
        }
        report.count("lives of sessions, each with a fault");
        if proxy.was_asked(endpoint) {
            report.count("faults that befell a request");
        }
        proxy.heal();
        for wrong in census::after(&ground) {
            report.find(&what, &wrong);
        }
    }
}
