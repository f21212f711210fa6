//! An engine that is frozen, killed and started again while commands ask it. It is one of
//! our own: nobody may do that to the one that others use.

use std::time::{Duration, Instant};

use support::{Context, Run, SmallEngine, httpd_image};

use crate::bounds::shown;
use crate::ground::Ground;
use crate::random::Random;
use crate::report::Report;
use crate::situations::{
    Line, Situation, changed, copy, nothing, paused, session, start, strs, words, worked_copy,
};
use crate::{bounds, census};

/// What a user does meanwhile, and what is there before. Nobody here reaches the ports of
/// that engine's sessions, so nobody waits for one.
const COMMANDS: [(Situation, Line); 11] = [
    (nothing, || start(&["--no-wait"])),
    (nothing, || start(&["--no-wait", "--mount", "volume"])),
    (changed, || words("session start --yes --no-wait")),
    (session, || words("session stop --all --yes")),
    (copy, || words("session stop --all --yes")),
    (worked_copy, || words("session pull --yes")),
    (session, || words("session pause")),
    (paused, || words("session resume")),
    (session, || words("session ls")),
    (session, || words("session logs")),
    (session, || words("session image prune --yes")),
];

/// Longer than any of the commands takes.
const COMMAND: Duration = Duration::from_millis(1500);
/// An engine that stood still for so long has lost nothing.
const FROZEN: Duration = Duration::from_secs(3);
/// Whoever is told to end, while it is frozen, ends within this time.
const END: Duration = Duration::from_secs(60);

/// What befalls the engine.
#[derive(Debug, Clone, Copy)]
enum Trouble {
    /// It stands still for a moment.
    Frozen,
    /// It stands still, and the user does not wait for it.
    GivenUp,
    /// It is killed, and started again at once.
    Killed,
}

pub fn run(random: &mut Random, time: Duration, report: &mut Report) {
    let end = Instant::now() + time;
    let mut engine = SmallEngine::with_network("700m");
    engine.load(&httpd_image());
    let context = Context::docker_at(&engine.address());
    let all: Vec<_> = (0..COMMANDS.len())
        .flat_map(|command| {
            [Trouble::Frozen, Trouble::GivenUp, Trouble::Killed].map(|trouble| (command, trouble))
        })
        .collect();
    for (done, (command, trouble)) in random.shuffled(all).into_iter().enumerate() {
        // A few always.
        if Instant::now() > end && done > 2 {
            return;
        }
        let when = random.moment(COMMAND);
        let ground = Ground::new(&context);
        let (before, line) = COMMANDS[command];
        let line = line();
        before(&ground);
        let what = format!("{trouble:?} after {} ms of `{}`", when.as_millis(), line.join(" "));
        let (run, mut wrong) = befall(&ground, &mut engine, trouble, when, &line);
        report.count(match trouble {
            Trouble::Frozen => "freezes",
            Trouble::GivenUp => "freezes with a signal",
            Trouble::Killed => "kills of the engine",
        });
        census::settle(&ground);
        let left = census::after(&ground);
        if !(left.is_empty() && wrong.is_empty()) {
            wrong.push(format!("what was done\n{}", shown(&run)));
        }
        wrong.extend(left);
        for wrong in wrong {
            report.find(&what, &wrong);
        }
    }
}

fn befall(
    ground: &Ground<'_>,
    engine: &mut SmallEngine,
    trouble: Trouble,
    when: Duration,
    line: &[String],
) -> (Run, Vec<String>) {
    let running = ground.renku(&strs(line)).interruptible().spawn();
    std::thread::sleep(when);
    let begin = Instant::now();
    let mut wrong = Vec::new();
    let run = match trouble {
        Trouble::Frozen => {
            engine.freeze();
            std::thread::sleep(FROZEN);
            engine.thaw();
            let run = running.wait();
            if run.status != 0 {
                wrong.push("it did not wait for the engine".to_owned());
            }
            run
        }
        Trouble::GivenUp => {
            engine.freeze();
            running.signal("INT");
            let run = running.wait();
            engine.thaw();
            run
        }
        Trouble::Killed => {
            engine.kill();
            let run = running.wait();
            engine.restart();
            run
        }
    };
    if begin.elapsed() > END + FROZEN {
        wrong.push(format!("it took {} s to end", begin.elapsed().as_secs()));
    }
    // A signal that came before the program did anything ended it without a word.
    let is_killed = matches!(trouble, Trouble::GivenUp) && run.status == -1;
    wrong.extend(bounds::wrong(&run, Duration::ZERO).filter(|_| !is_killed));
    (run, wrong)
}
