//! How much of the host's memory a value takes beside itself. It is what guests
//! are charged with, so it is never too little by much.

use std::collections::BTreeMap;

use crate::containers::{ContainerInfo, ImageConfig, Schedule};
use crate::domain::RepositoryStatus;
use crate::domain::{Gpu, Port};
use crate::web::http::Response;

/// What the allocator and a collection add to one value.
const OVERHEAD: usize = 16;

/// A value with memory behind it.
pub(super) trait Footprint {
    /// Bytes on the heap.
    fn footprint(&self) -> usize;
}

impl Footprint for u16 {
    fn footprint(&self) -> usize {
        0
    }
}

impl Footprint for String {
    fn footprint(&self) -> usize {
        self.len()
    }
}

impl Footprint for Port {
    fn footprint(&self) -> usize {
        self.host_ip.footprint()
    }
}

impl<T: Footprint> Footprint for Option<T> {
    fn footprint(&self) -> usize {
        self.as_ref().map_or(0, T::footprint)
    }
}

impl<T: Footprint> Footprint for Vec<T> {
    fn footprint(&self) -> usize {
        self.iter().map(in_collection).sum()
    }
}

impl Footprint for BTreeMap<String, String> {
    fn footprint(&self) -> usize {
        self.iter().map(|(name, value)| in_collection(name) + in_collection(value)).sum()
    }
}

impl Footprint for Gpu {
    fn footprint(&self) -> usize {
        match self {
            Self::Devices(devices) => devices.footprint(),
            Self::Count(_) | Self::All => 0,
        }
    }
}

impl Footprint for ContainerInfo {
    fn footprint(&self) -> usize {
        self.name.len()
            + self.image.len()
            + self.labels.footprint()
            + self.ports.footprint()
            + self.created_at.footprint()
            + self.environment.footprint()
            + self.schedule.footprint()
    }
}

impl Footprint for Schedule {
    fn footprint(&self) -> usize {
        self.reason.footprint()
            + self.expected_start.footprint()
            + self.expected_end.footprint()
            + self.node.footprint()
    }
}

impl Footprint for ImageConfig {
    fn footprint(&self) -> usize {
        self.entrypoint.footprint()
            + self.command.footprint()
            + self.exposed_ports.footprint()
            + self.user.len()
            + self.working_directory.len()
            + self.environment.footprint()
            + self.labels.footprint()
    }
}

impl Footprint for RepositoryStatus {
    fn footprint(&self) -> usize {
        self.branch.footprint()
            + self.head.footprint()
            + self.upstream.footprint()
            + self.remote_urls.footprint()
    }
}

impl Footprint for Response {
    fn footprint(&self) -> usize {
        self.held()
    }
}

/// A value and its place in a collection.
pub(super) fn in_collection<T: Footprint>(value: &T) -> usize {
    size_of::<T>() + OVERHEAD + value.footprint()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_a_collection_is_free() {
        let place = size_of::<String>() + OVERHEAD;
        assert_eq!(vec![String::new(), "ab".to_owned()].footprint(), 2 * place + 2);
        assert_eq!(BTreeMap::from([("a".into(), "bc".into())]).footprint(), 2 * place + 3);
        assert_eq!(vec![80_u16].footprint(), 2 + OVERHEAD);
    }
}
