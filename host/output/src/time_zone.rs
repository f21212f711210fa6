//! The time zone in which times are printed.

use jiff::tz::TimeZone;

/// The zone of this machine. Without `TZ` it is in one file (localtime(5)); asking
/// for it by name would read the whole directory of zones first.
pub(crate) fn local_zone() -> TimeZone {
    if std::env::var_os("TZ").is_none()
        && let Ok(rules) = std::fs::read("/etc/localtime")
        && let Ok(zone) = TimeZone::tzif("Local", &rules)
    {
        return zone;
    }
    TimeZone::system()
}
