//! What an image says about itself.

use std::collections::BTreeMap;

/// What a local image says about itself.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ImageConfig {
    pub entrypoint: Vec<String>,
    pub command: Vec<String>,
    /// TCP ports of EXPOSE, ascending.
    pub exposed_ports: Vec<u16>,
    pub user: String,
    pub working_directory: String,
    pub environment: BTreeMap<String, String>,
    pub labels: BTreeMap<String, String>,
}
