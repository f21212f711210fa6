//! Commands that are killed at any moment, by every signal.

use std::time::{Duration, Instant};

use support::Context;

use crate::bounds::shown;
use crate::census;
use crate::ground::Ground;
use crate::random::Random;
use crate::report::Report;
use crate::situations::{
    Line, Situation, changed, copy, nothing, provider, session, start, strs, words, worked_copy,
};

/// From polite to not.
const SIGNALS: [&str; 4] = ["INT", "TERM", "HUP", "KILL"];
/// Whoever gets a signal cleans up and ends within this time.
const CLEAN_UP: Duration = Duration::from_secs(40);
/// So many kills befall one user before there is another one.
const USERS_KILLS: usize = 12;

/// A command that is killed.
struct Victim {
    name: &'static str,
    /// What is there before.
    before: Situation,
    /// Its command line.
    line: Line,
}

const VICTIMS: [Victim; 14] = [
    Victim { name: "start", before: nothing, line: || start(&[]) },
    Victim { name: "start --no-wait", before: nothing, line: || start(&["--no-wait"]) },
    Victim {
        name: "start --mount volume",
        before: nothing,
        line: || start(&["--mount", "volume"]),
    },
    Victim { name: "start with a build", before: changed, line: || words("session start --yes") },
    Victim { name: "stop", before: session, line: || words("session stop --all --yes") },
    Victim { name: "stop of a copy", before: copy, line: || words("session stop --all --yes") },
    Victim { name: "pause", before: session, line: || words("session pause") },
    Victim { name: "pull", before: worked_copy, line: || words("session pull --yes") },
    Victim {
        name: "provider add",
        before: nothing,
        line: || provider("add", &["--yes", "--name", "tool"]),
    },
    Victim { name: "provider grant", before: nothing, line: || provider("grant", &["--yes"]) },
    Victim { name: "config set", before: nothing, line: || words("config set image a") },
    Victim {
        name: "config set --global",
        before: nothing,
        line: || words("config set --global image a"),
    },
    Victim {
        name: "origin add",
        before: nothing,
        line: || {
            words("session origin add a https://a.example --credential bearer --secret-env HOME")
        },
    },
    Victim { name: "ls", before: session, line: || words("session ls") },
];

pub fn run(random: &mut Random, time: Duration, report: &mut Report) {
    let end = Instant::now() + time;
    // How long each takes when it is left alone, measured once.
    let mut times: Vec<Option<Duration>> = VICTIMS.iter().map(|_| None).collect();
    while Instant::now() < end {
        let context = Context::docker();
        let ground = Ground::new(&context);
        let mut kills = Vec::new();
        for _ in 0..USERS_KILLS {
            if Instant::now() > end {
                break;
            }
            let index = random.below(VICTIMS.len());
            let victim = &VICTIMS[index];
            let time = *times[index].get_or_insert_with(|| alone(&ground, victim));
            let signal: &str = SIGNALS[random.below(SIGNALS.len())];
            let before = report.findings.len();
            kills.push(kill(&ground, victim, signal, random.moment(time), report));
            // What is left would be found again after the next one.
            if report.findings.len() > before {
                break;
            }
        }
        for wrong in census::after(&ground) {
            report.find(&format!("after all of these:\n{}", kills.join("\n")), &wrong);
        }
    }
}

fn alone(ground: &Ground<'_>, victim: &Victim) -> Duration {
    (victim.before)(ground);
    let line = (victim.line)();
    let begin = Instant::now();
    let _ = ground.run(&strs(&line));
    let time = begin.elapsed();
    let _ = census::stopped(ground);
    time
}

fn kill(
    ground: &Ground<'_>,
    victim: &Victim,
    signal: &str,
    when: Duration,
    report: &mut Report,
) -> String {
    let what = format!("`{}`, {signal} after {} ms", victim.name, when.as_millis());
    (victim.before)(ground);
    let there_before = ground.project.containers();
    let line = (victim.line)();
    let running = ground.renku(&strs(&line)).interruptible().spawn();
    std::thread::sleep(when);
    running.signal(signal);
    let begin = Instant::now();
    let run = running.wait();
    report.count("kills");
    let mut wrong = Vec::new();
    if begin.elapsed() > CLEAN_UP {
        wrong.push(format!("it took {} s to end\n{}", begin.elapsed().as_secs(), shown(&run)));
    }
    let is_start = victim.name.starts_with("start");
    if is_start
        && signal != "KILL"
        && run.status != 0
        && ground.project.containers() != there_before
    {
        wrong.push(format!("it left a container\n{}", shown(&run)));
    }
    if run.stderr.contains("panicked at") {
        wrong.push(format!("it crashed\n{}", shown(&run)));
    }
    if is_start && signal == "KILL" {
        census::settle(ground);
    }
    wrong.extend(census::stopped(ground));
    for wrong in wrong {
        report.find(&what, &wrong);
    }
    what
}
