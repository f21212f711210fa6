//! What the user asks of the machine.

use serde::Serialize;

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Gpu {
    Count(u32),
    /// All that there are.
    All,
    /// These, as the engine names them.
    Devices(Vec<String>),
}

/// CPU, memory, disk and GPU. `None` means: the engine's default.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Resources {
    /// CPUs, greater than zero, fractions allowed.
    pub cpu: Option<f64>,
    /// Bytes of memory.
    pub memory: Option<u64>,
    /// Bytes of disk.
    pub disk: Option<u64>,
    pub gpu: Option<Gpu>,
}
