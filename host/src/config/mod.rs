//! throwaway
#![allow(missing_docs, clippy::all, reason="throwaway")]
use std::path::Path;
use crate::domain::*;
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct ConfigError(String);
impl Diagnostic for ConfigError { fn kind(&self)->ErrorKind{ErrorKind::InvalidInput} }
pub fn load_for(_:Option<&serde_json::Value>, f:&Path)->Result<serde_json::Map<String,serde_json::Value>,ConfigError>{ let t=std::fs::read_to_string(f).map_err(|e|ConfigError(e.to_string()))?; serde_yaml::from_str(&t).map_err(|e|ConfigError(e.to_string())) }
