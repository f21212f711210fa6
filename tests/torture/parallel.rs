//! Fifty sessions of one project, started and stopped at the same time.

use std::time::Duration;

use support::{Context, httpd_image};

use crate::bounds::shown;
use crate::census;
use crate::ground::Ground;
use crate::random::Random;
use crate::report::Report;

const SESSIONS: usize = 50;

pub fn run(_: &mut Random, _: Duration, report: &mut Report) {
    let context = Context::docker();
    let ground = Ground::new(&context);
    let image = httpd_image();
    // Their names are those of no other session of this engine.
    let names: Vec<String> =
        (0..SESSIONS).map(|index| format!("torture-{}-{index}", std::process::id())).collect();
    let start = |name: &String| {
        ground.renku(&["session", "start", "--no-wait", "--image", &image, "--name", name])
    };
    let stop = |name: &String| ground.renku(&["session", "stop", name]);
    let running: Vec<_> = names.iter().map(|name| start(name).spawn()).collect();
    for run in running.into_iter().map(|running| running.wait()) {
        report.count("starts");
        if run.status != 0 {
            report.find("a start among others", &shown(&run));
        }
    }
    let count = ground.project.containers().len();
    if count != SESSIONS {
        report.find("starts at the same time", &format!("there are {count} sessions"));
    }
    let running: Vec<_> = names.iter().map(|name| stop(name).spawn()).collect();
    for run in running.into_iter().map(|running| running.wait()) {
        report.count("stops");
        if run.status != 0 {
            report.find("a stop among others", &shown(&run));
        }
    }
    for wrong in census::after(&ground) {
        report.find("after them", &wrong);
    }
}
