//! What people type for CPU, memory, disk and GPU.
//!
//! Everywhere `origin` says where the text stands, for the message: an option
//! (`--memory`) or a key of the settings (`mem_request`).

use super::error::ProjectError;
use crate::domain::Gpu;

/// What a size may look like.
const SIZE_EXAMPLE: &str =
    "write a number and a unit, as in `512m` or `2G` (k, m, g and t count 1024)";
/// What a number of CPUs may look like.
const CPU_EXAMPLE: &str = "write a number of CPUs greater than zero, as in `2` or `0.5`";
/// What GPUs may look like.
const GPU_EXAMPLE: &str =
    "write a number as in `1`, `all`, or `device=` and their names as in `device=0,1`";

/// Parses a size in bytes; see [`crate::domain::parse_size`].
///
/// # Errors
///
/// For what is no size.
pub fn parse_size(origin: &str, text: &str) -> Result<u64, ProjectError> {
    crate::domain::parse_size(text).map_err(|reason| value(origin, text, reason, SIZE_EXAMPLE))
}

/// Parses a number of CPUs: greater than zero, fractions allowed.
///
/// # Errors
///
/// For anything else.
pub fn parse_cpu(origin: &str, text: &str) -> Result<f64, ProjectError> {
    let fail = |reason| value(origin, text, reason, CPU_EXAMPLE);
    match text.trim().parse::<f64>() {
        Ok(number) if !number.is_finite() => Err(fail("this is not a number of CPUs")),
        Ok(number) if number <= 0.0 => Err(fail("the number of CPUs must be greater than zero")),
        Ok(number) => Ok(number),
        Err(_) => Err(fail("this is not a number of CPUs")),
    }
}

/// Parses GPUs: a number, `all`, or `device=NAME,…` (also in the double quotes
/// that Docker's command line wants). `0` is none.
///
/// # Errors
///
/// For anything else.
pub fn parse_gpu(origin: &str, text: &str) -> Result<Option<Gpu>, ProjectError> {
    let fail = |reason| value(origin, text, reason, GPU_EXAMPLE);
    let wanted = text.trim().trim_matches('"');
    if wanted.eq_ignore_ascii_case("all") {
        return Ok(Some(Gpu::All));
    }
    if let Some(devices) = wanted.strip_prefix("device=") {
        let devices: Vec<String> = devices.split(',').map(|name| name.trim().to_owned()).collect();
        if devices.iter().any(String::is_empty) {
            return Err(fail("the name of a device is missing"));
        }
        return Ok(Some(Gpu::Devices(devices)));
    }
    match wanted.parse() {
        Ok(0) => Ok(None),
        Ok(count) => Ok(Some(Gpu::Count(count))),
        Err(_) => Err(fail("this is not a number of GPUs")),
    }
}

fn value(origin: &str, text: &str, reason: &'static str, example: &'static str) -> ProjectError {
    let between = if origin.starts_with("--") { " " } else { " = " };
    ProjectError::Value { given: format!("{origin}{between}{text}"), reason, example }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Diagnostic as _, ErrorKind};

    #[test]
    fn sizes_are_read_as_docker_reads_them() {
        for (text, expected) in [
            ("1024", 1024),
            ("1b", 1),
            ("1k", 1024),
            ("1KB", 1024),
            ("512m", 512 << 20),
            ("2G", 2 << 30),
            ("2Gi", 2 << 30),
            ("2GiB", 2 << 30),
            (" 2 gb ", 2 << 30),
            ("1.5g", 3 << 29),
            ("1t", 1 << 40),
            ("9223372036854775807", i64::MAX as u64),
        ] {
            assert_eq!(parse_size("--memory", text).unwrap(), expected, "{text}");
        }
    }

    #[test]
    fn what_is_no_size_is_refused_with_what_would_be() {
        for (text, reason) in [
            ("2Gx", "this is not a size"),
            ("G", "this is not a size"),
            ("", "this is not a size"),
            (".5g", "this is not a size"),
            ("1.2.3g", "this is not a size"),
            ("1e9", "this is not a size"),
            ("1,5g", "this is not a size"),
            ("٣g", "this is not a size"),
            ("0", "a size must be greater than zero"),
            ("0.5", "a size must be greater than zero"),
            ("0.4b", "a size must be greater than zero"),
            ("-1g", "a size cannot be negative"),
            ("9223372036854775808", "no machine has that much"),
            ("99999999t", "no machine has that much"),
            ("9999999999999999999999999999999999999999", "no machine has that much"),
        ] {
            let error = parse_size("--memory", text).unwrap_err();
            assert_eq!(error.to_string(), format!("`--memory {text}`: {reason}"));
            assert_eq!(error.hint().as_deref(), Some(SIZE_EXAMPLE));
            assert_eq!(error.kind(), ErrorKind::InvalidInput);
        }
        assert_eq!(
            parse_size("mem_request", "2Gx").unwrap_err().to_string(),
            "`mem_request = 2Gx`: this is not a size"
        );
    }

    #[test]
    fn cpus_are_numbers_greater_than_zero() {
        assert_eq!(parse_cpu("--cpu", "2").unwrap(), 2.0);
        assert_eq!(parse_cpu("--cpu", "0.5").unwrap(), 0.5);
        for (text, reason) in [
            ("0", "the number of CPUs must be greater than zero"),
            ("-1", "the number of CPUs must be greater than zero"),
            ("inf", "this is not a number of CPUs"),
            ("nan", "this is not a number of CPUs"),
            ("two", "this is not a number of CPUs"),
            ("1,5", "this is not a number of CPUs"),
        ] {
            let error = parse_cpu("--cpu", text).unwrap_err();
            assert_eq!(error.to_string(), format!("`--cpu {text}`: {reason}"));
            assert_eq!(error.hint().as_deref(), Some(CPU_EXAMPLE));
        }
    }

    #[test]
    fn gpus_are_a_number_all_or_devices() {
        for (text, expected) in [
            ("0", None),
            ("1", Some(Gpu::Count(1))),
            ("all", Some(Gpu::All)),
            ("device=0,GPU-3a2", Some(Gpu::Devices(vec!["0".into(), "GPU-3a2".into()]))),
            ("\"device=1\"", Some(Gpu::Devices(vec!["1".into()]))),
        ] {
            assert_eq!(parse_gpu("--gpu", text).unwrap(), expected, "{text}");
        }
        for (text, reason) in [
            ("-1", "this is not a number of GPUs"),
            ("some", "this is not a number of GPUs"),
            ("device=", "the name of a device is missing"),
            ("device=0,", "the name of a device is missing"),
        ] {
            let error = parse_gpu("--gpu", text).unwrap_err();
            assert_eq!(error.to_string(), format!("`--gpu {text}`: {reason}"));
            assert_eq!(error.hint().as_deref(), Some(GPU_EXAMPLE));
        }
    }
}
