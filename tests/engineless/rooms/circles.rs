//! Circles of files: each one reaches all others of its circle.

use std::collections::{BTreeMap, BTreeSet};

/// Which file uses which others.
pub(super) type Arrows<'a> = BTreeMap<&'a str, BTreeSet<&'a str>>;

/// The circles of more than one file.
pub(super) fn circles(arrows: &Arrows<'_>) -> Vec<Vec<String>> {
    let reached: Arrows<'_> = arrows.keys().map(|file| (*file, reach(arrows, file))).collect();
    let mut found = BTreeSet::new();
    for (file, theirs) in &reached {
        let back = theirs.iter().filter(|other| reached[*other].contains(file));
        let circle: Vec<String> = back.map(|other| (*other).to_owned()).collect();
        if circle.len() > 1 {
            found.insert(circle);
        }
    }
    found.into_iter().collect()
}

/// Every file that arrows lead to from `file`, over others or not.
fn reach<'a>(arrows: &Arrows<'a>, file: &str) -> BTreeSet<&'a str> {
    let mut reached = BTreeSet::new();
    let mut waiting: Vec<&str> = arrows[file].iter().copied().collect();
    while let Some(next) = waiting.pop() {
        if reached.insert(next) {
            waiting.extend(arrows[next].iter().copied());
        }
    }
    reached
}
