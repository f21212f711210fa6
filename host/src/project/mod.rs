//! throwaway
#![allow(missing_docs, clippy::all, reason="throwaway")]
use std::path::{Path,PathBuf};
use std::process::Command;
use crate::domain::*;
use sha2::Digest;
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct ProjectError(String);
impl Diagnostic for ProjectError { fn kind(&self)->ErrorKind{ErrorKind::InvalidInput} }
pub struct Project { root: PathBuf, id: String, name: String }
fn git(r:&Path,a:&[&str])->Option<String>{ let o=Command::new("git").arg("-C").arg(r).args(a).output().ok()?; o.status.success().then(||String::from_utf8_lossy(&o.stdout).trim().to_owned()) }
impl Project {
 pub fn locate(start:&Path)->Result<Self,ProjectError>{ let s=start.canonicalize().map_err(|e|ProjectError(e.to_string()))?; let root=s.ancestors().find(|p|p.join(".git").exists()).ok_or(ProjectError("not a git project".into()))?.to_owned(); use std::os::unix::ffi::OsStrExt; let id=sha2::Sha256::digest(root.as_os_str().as_bytes()).iter().map(|b|format!("{b:02x}")).collect(); let name=root.file_name().unwrap_or_default().to_string_lossy().into_owned(); Ok(Self{root,id,name}) }
 pub fn root(&self)->&Path{&self.root} pub fn id(&self)->&str{&self.id} pub fn name(&self)->&str{&self.name}
 pub fn slug(&self)->String{self.name.to_lowercase()}
 pub fn branch(&self)->Result<Option<String>,ProjectError>{Ok(git(&self.root,&["symbolic-ref","--short","HEAD"]))}
 pub fn commit(&self)->Result<Option<String>,ProjectError>{Ok(git(&self.root,&["rev-parse","HEAD"]))}
 pub fn dirty(&self)->Result<bool,ProjectError>{Ok(false)}
 pub fn candidate_image(&self)->Result<Option<String>,ProjectError>{Ok(self.commit()?.map(|c|format!("{}:{}",self.slug(),&c[..7])))}
 pub fn author_name(&self)->Option<String>{None} pub fn author_email(&self)->Option<String>{None}
 pub fn require_startable(&self)->Result<(),ProjectError>{Ok(())}
 pub fn descriptor(&self,_:Option<&Path>,_:&Path)->Result<String,ProjectError>{Ok("Dockerfile".into())}
}
pub struct Settings; pub struct Setting{pub value:String}
impl Settings{ pub fn load(_:Option<&Path>)->Result<Self,ProjectError>{Ok(Self)} pub fn get(&self,_:&str)->Option<Setting>{None} }
pub fn parse_cpu(_:&str,t:&str)->Result<f64,ProjectError>{t.parse().map_err(|_|ProjectError(t.into()))}
pub fn parse_size(_:&str,t:&str)->Result<u64,ProjectError>{t.parse().map_err(|_|ProjectError(t.into()))}
pub fn parse_gpu(_:&str,_:&str)->Result<Option<Gpu>,ProjectError>{Ok(None)}
