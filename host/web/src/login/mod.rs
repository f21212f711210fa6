//! Logins to RenkuLabs: the device grant, the tokens, where they are kept and how
//! they are renewed. Tokens leave this room for the headers of requests and the
//! user's own file, and for nothing else.

mod account;
mod deployment;
mod device;
mod environment;
mod error;
mod oidc;
mod session;
mod store;
mod tokens;

#[cfg(test)]
mod tests;

pub use account::{Account, credential, ends_at, project_id, who_am_i};
pub use deployment::{choose, parse};
pub use device::{DeviceLogin, log_out};
pub use environment::{DEFAULT_URL, Given};
pub use error::LoginError;
pub use session::Session;
pub use store::{Logins, Store};
