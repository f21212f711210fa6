//! What a container of a provider may be, and whose it is. Nothing here asks an
//! engine.

mod command_line;
mod container;
mod decide;
mod grant_limits;
mod home;
pub(crate) mod host_ports;
pub(crate) mod labels;
mod planned;
pub(crate) mod port_placeholders;
pub(crate) mod resources;
mod run_as;
mod run_spec;

pub use container::volume_of;
pub(crate) use container::{check, check_name};
pub use decide::{Admitted, Decided, Known, admit, decide};
pub use grant_limits::GrantLimits;
pub use home::Home;
pub use run_as::EngineUsers;
pub use run_spec::{MountedFiles, ProjectMount, RunSpec};
