//! What the user asks of a machine, in the service's units.

use renku_session_sdk::invocation::Level;
use renku_session_sdk::{Error, GpuRequest, Resources, Result};

use crate::model::Class;
use crate::outside::Outside;
use crate::size;

/// What the user asks for, in the service's units.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Wish {
    pub(crate) cpu: Option<f64>,
    pub(crate) memory: Option<u64>,
    pub(crate) gpu: Option<u64>,
    pub(crate) disk: Option<u64>,
}

impl Wish {
    /// # Errors
    ///
    /// `invalid-input` for what no class can express.
    pub(crate) fn of(outside: &dyn Outside, resources: &Resources) -> Result<Self> {
        let gpu = match &resources.gpu {
            None => None,
            Some(GpuRequest::Count(count)) => Some(u64::from(*count)),
            Some(GpuRequest::All) => {
                return Err(Error::invalid_input("RenkuLab has no session with all GPUs")
                    .help("say how many, such as `--gpu 1`"));
            }
            Some(GpuRequest::Devices(_)) => {
                return Err(Error::invalid_input("RenkuLab chooses the GPUs of a session itself")
                    .help("say how many, such as `--gpu 1`"));
            }
        };
        let memory = resources.memory.map(size::gigabytes);
        let disk = resources.disk.map(size::gigabytes);
        for (what, bytes, gigabytes) in
            [("memory", resources.memory, memory), ("disk", resources.disk, disk)]
        {
            if let (Some(true), Some(gigabytes)) = (bytes.map(size::is_rounded), gigabytes) {
                let text =
                    format!("RenkuLab counts {what} in whole gigabytes: asking for {gigabytes} GB");
                outside.say(Level::Warn, &text);
            }
        }
        Ok(Self { cpu: resources.cpu, memory, gpu, disk })
    }

    /// Whether the class that is used anyway may do.
    pub(crate) fn is_disk_only(&self) -> bool {
        self.cpu.is_none() && self.memory.is_none() && self.gpu.is_none()
    }

    pub(crate) fn query(&self) -> Vec<(&'static str, String)> {
        [
            ("cpu", self.cpu.map(|cpu| cpu.to_string())),
            ("memory", self.memory.map(|memory| memory.to_string())),
            ("gpu", self.gpu.map(|gpu| gpu.to_string())),
            ("max_storage", self.disk.map(|disk| disk.to_string())),
        ]
        .into_iter()
        .filter_map(|(name, value)| Some((name, value?)))
        .collect()
    }

    pub(crate) fn fits(&self, class: &Class) -> bool {
        self.cpu.is_none_or(|cpu| class.cpu >= cpu)
            && self.memory.is_none_or(|memory| class.memory >= memory)
            && self.gpu.is_none_or(|gpu| class.gpu >= gpu)
            && self.disk.is_none_or(|disk| class.max_storage >= disk)
    }

    pub(crate) fn in_words(&self) -> String {
        [
            self.cpu.map(|cpu| format!("{cpu} CPUs")),
            self.memory.map(|memory| format!("{memory} GB of memory")),
            self.gpu.filter(|gpu| *gpu > 0).map(|gpu| format!("{gpu} GPUs")),
            self.disk.map(|disk| format!("{disk} GB of disk")),
        ]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join(", ")
    }
}
