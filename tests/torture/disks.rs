//! Disks that are full, and those that cannot be written to.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use support::{Context, fixture, httpd_image};

use crate::bounds;
use crate::census;
use crate::ground::Ground;
use crate::random::Random;
use crate::report::Report;

pub fn run(random: &mut Random, time: Duration, report: &mut Report) {
    let end = Instant::now() + time;
    let (image, tool) = (httpd_image(), fixture("asking"));
    let lines = [
        "config set image a".to_owned(),
        "config set --global image a".to_owned(),
        "session origin add a https://a.example --credential none".to_owned(),
        format!("session provider add {tool} --yes --name tool"),
        format!("session start --no-wait --image {image}"),
        format!("session start --no-wait --image {image} --mount volume"),
        "session ls".to_owned(),
        "session image".to_owned(),
    ];
    let places = ["home", "cache", "temporary", "project"];
    let all: Vec<_> = places
        .iter()
        .flat_map(|place| [true, false].map(|full| (*place, full)))
        .flat_map(|(place, full)| lines.iter().map(move |line| (place, full, line)))
        .collect();
    let context = Context::docker();
    for (index, (place, full, line)) in random.shuffled(all).into_iter().enumerate() {
        // A few always: this is quick.
        if Instant::now() > end && index > 8 {
            return;
        }
        try_one(&Ground::new(&context), place, full, line, report);
    }
}

fn try_one(ground: &Ground<'_>, place: &str, full: bool, line: &str, report: &mut Report) {
    let folder: PathBuf = match place {
        "home" => ground.home(),
        "cache" => ground.cache(),
        "temporary" => ground.temporary(),
        _ => ground.project.root().to_owned(),
    };
    let what = format!("{} {place}, `{line}`", if full { "a full" } else { "a read-only" });
    let (trouble, relief) = match full {
        true => ("(cat /dev/zero > fill) 2> /dev/null", "rm fill"),
        false => ("mount -o remount,ro .", "mount -o remount,rw ."),
    };
    // What was there is there. The mount goes with the shell; what is left in it is listed
    // by the shell, after the same command without the trouble.
    let script = format!(
        "cp -a {0} {0}.was && mount -t tmpfs -o size=2m,mode=700 tmpfs {0} && cp -a {0}.was/. {0} \
         && rm -r {0}.was && cd {0} && {trouble}; cd {1} && renku {line}; echo status $?; \
         cd {0} && {relief}; cd {1} && renku {line} > /dev/null 2>&1; \
         find {0} -name '.renku-new-*' -o -name '.tmp*' -o -name '.new-*' | sed 's/^/left /'",
        quoted(&folder),
        quoted(ground.project.root()),
    );
    let (run, wrong) = bounds::run(ground.shell(&format!("unshare -m sh -c \"{script}\"")));
    report.count("commands on such disks");
    if let Some(wrong) = wrong {
        report.find(&what, &wrong);
    }
    let status = run.stdout.lines().find_map(|line| line.strip_prefix("status "));
    if !matches!(status, Some("0" | "1" | "2" | "3")) || run.stdout.contains("\nleft ") {
        report.find(&what, &bounds::shown(&run));
    }
    if status != Some("0") && !run.stderr.contains("hint: ") {
        report.find(&what, &format!("no hint says what to do\n{}", bounds::shown(&run)));
    }
    for wrong in census::after(ground) {
        report.find(&what, &wrong);
    }
}

fn quoted(path: &Path) -> String {
    path.display().to_string()
}
