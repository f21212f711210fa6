//! stub
use super::*;
use std::path::Path;
use std::time::Duration;
use std::sync::Arc;
use crate::domain::*;
pub type ContainersError = ProviderError;
#[derive(Clone, Default)]
pub struct EngineSettings;
#[derive(Clone)]
pub struct Containers;
type R<T> = Result<T, ContainersError>;
fn no<T>() -> R<T> { Err(ProviderError::new(ErrorKind::Other, "stub")) }
impl Containers {
  pub fn new(_scope: Scope, _engine: EngineSettings, _reporter: Arc<dyn Reporter>) -> Self { Self }
  pub async fn image_state(&self, _image:&str) -> R<ImageState> { no() }
  pub async fn image_config(&self, _image:&str) -> R<ImageConfig> { no() }
  pub async fn pull(&self, _image:&str) -> R<()> { no() }
  pub async fn build(&self, _root:&Path, _descriptor:&str, _image:&str) -> R<()> { no() }
  pub async fn start(&self, _spec: ContainerSpec) -> R<ContainerInfo> { no() }
  pub async fn list(&self) -> R<Vec<ContainerInfo>> { no() }
  pub async fn inspect(&self, _name:&str) -> R<ContainerInfo> { no() }
  pub async fn stop(&self, _name:&str, _grace_seconds:u32) -> R<()> { no() }
  pub async fn pause(&self, _name:&str) -> R<()> { no() }
  pub async fn resume(&self, _name:&str) -> R<()> { no() }
  pub async fn wait_ready(&self, _name:&str, _port:u16, _probes:&[Probe], _timeout: Duration) -> R<()> { no() }
  pub async fn logs(&self, _name:&str, _tail:Option<u32>, _follow:bool, _sink:&dyn LogSink) -> R<()> { no() }
  pub fn created(&self) -> Vec<String> { vec![] }
  pub async fn remove_created(&self) -> Vec<ContainersError> { vec![] }
}
