//! Sizes, numbers of CPUs and GPUs, as people and projects write them.

use renku_session_domain::{parse_size, size_in_words};
use renku_session_project::{parse_cpu, parse_gpu};

use super::text;

pub(super) fn check(bytes: &[u8]) {
    let Some(text) = text(bytes) else { return };
    if let Ok(size) = parse_size(text) {
        assert!(size > 0 && i64::try_from(size).is_ok(), "{size}");
        let words = size_in_words(size);
        assert_eq!(parse_size(words.trim_end_matches(" bytes")), Ok(size), "{words}");
    }
    if let Ok(cpus) = parse_cpu("--cpu", text) {
        assert!(cpus > 0.0 && cpus.is_finite(), "{cpus}");
    }
    let _ = parse_gpu("--gpu", text);
}
