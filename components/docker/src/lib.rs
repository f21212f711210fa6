//! x
use renku_session_sdk::{Provider, Result, Request, ProviderInfo, ImageState, Session, Hibernation};
struct Docker;
#[derive(serde::Deserialize)]
struct C { port: Option<u16> }
impl Provider for Docker {
    fn session_provider() -> ProviderInfo { ProviderInfo{name: "x".into(), version: "1".into(), about: "".into()} }
    fn find_image(_: &Request, _: &str) -> Result<ImageState> { Ok(ImageState::Local) }
    fn build_image(_: &Request, _: &str, _: &str) -> Result<()> { Ok(()) }
    fn session_list(r: &Request) -> Result<Vec<Session>> { let c: C = renku_session_sdk::config(r)?; Ok((0..c.port.unwrap_or(0)).map(|x| panic!("{x}")).collect()) }
    fn session_start(_: &Request, _: &str) -> Result<Session> { todo!() }
    fn session_stop(_: &Request, _: Option<&str>, _: bool) -> Result<bool> { Ok(false) }
    fn session_url(_: &Request, _: &str) -> Result<String> { todo!() }
}
impl Hibernation for Docker {
    fn pause(_: &Request, _: &str) -> Result<()> { Ok(()) }
    fn resume(_: &Request, n: &str) -> Result<()> { renku_session_sdk::containers::resume(n) }
}
renku_session_sdk::export!(Docker with hibernation);
