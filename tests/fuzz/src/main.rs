//! The program that libFuzzer drives: one for all targets, because linking them takes longer
//! than fuzzing them. `RENKU_FUZZ_TARGET` names the one.

#![no_main]

use std::sync::LazyLock;

use renku_session_fuzz::{Target, find};

static TARGET: LazyLock<&Target> = LazyLock::new(|| {
    let name = std::env::var("RENKU_FUZZ_TARGET").expect("RENKU_FUZZ_TARGET names a target");
    find(&name).unwrap_or_else(|| panic!("there is no target `{name}`"))
});

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| TARGET.run(bytes));
