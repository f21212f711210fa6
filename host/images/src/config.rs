//! What an image says about itself.

use std::collections::BTreeMap;

/// What a local image says about itself.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ImageConfig {
    /// ENTRYPOINT.
    pub entrypoint: Vec<String>,
    /// CMD.
    pub command: Vec<String>,
    /// TCP ports of EXPOSE, ascending.
    pub exposed_ports: Vec<u16>,
    /// USER.
    pub user: String,
    /// WORKDIR.
    pub working_directory: String,
    /// ENV.
    pub environment: BTreeMap<String, String>,
    /// LABEL.
    pub labels: BTreeMap<String, String>,
}
