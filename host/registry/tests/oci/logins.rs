//! Encryption, passwords and tokens.

use renku_session_domain::{Diagnostic as _, EngineCommand, EngineCommands, ExitStatus};
use renku_session_registry::artifacts::{RegistryError, Which};

use crate::real::{Access, Real, ann, artifact, nobody, reading, writing};
use crate::token::Issuer;

async fn push_and_pull(registry: &Real) {
    let place = registry.at("acme/slurm:1.0.0");
    let writer = writing(&place, &ann("secret")).await.expect("reach");
    writer.push(&artifact("one")).await.expect("push");
    let reader = reading(&place, &ann("secret")).await.expect("reach");
    let pulled = reader.pull(&Which::Newest, 100).await.expect("pull");
    assert_eq!(pulled.bytes, b"one");
}

/// Whoever may not gets a login named, whether connecting or pulling finds out.
async fn refused(registry: &Real, who: crate::real::Known) -> RegistryError {
    match reading(&registry.at("acme/slurm:1.0.0"), &who).await {
        Err(error) => error,
        Ok(reader) => reader.pull(&Which::Newest, 100).await.unwrap_err(),
    }
}

async fn nobody_else_gets_in(registry: &Real) {
    let mut anonymous = refused(registry, nobody()).await;
    assert!(matches!(anonymous, RegistryError::Denied { .. }), "{anonymous:?}");
    assert_eq!(anonymous.exit_status(), ExitStatus::Permission);
    let hint = anonymous.hint();
    assert_eq!(hint.as_deref(), Some("log in first, as for images of your container engine"));
    let engine = EngineCommands::new(|command| match command {
        EngineCommand::LogIn(registry) => Some(format!("engine login {}", registry.expect("host"))),
        _ => None,
    });
    anonymous.add_commands(engine);
    assert_eq!(anonymous.hint(), Some(format!("log in first: `engine login {}`", registry.host)));
    let wrong = refused(registry, ann("wrong")).await;
    assert!(matches!(wrong, RegistryError::Denied { logged_in: true, .. }), "{wrong:?}");
    assert!(!format!("{wrong:?}").contains("wrong\""), "a password is in no error");
}

#[tokio::test]
async fn a_password_opens_a_registry() {
    let registry = Real::start(&Access::Password, false);
    push_and_pull(&registry).await;
    nobody_else_gets_in(&registry).await;
}

#[tokio::test]
async fn a_token_opens_a_registry() {
    let issuer = Issuer::start();
    let access = Access::Token { realm: issuer.realm(), certificate: issuer.certificate() };
    let registry = Real::start(&access, false);
    push_and_pull(&registry).await;
    nobody_else_gets_in(&registry).await;
}

#[tokio::test]
async fn a_certificate_that_nobody_vouches_for_is_refused() {
    let registry = Real::start(&Access::Open, true);
    let error = reading(&registry.at("acme/slurm:1.0.0"), &nobody()).await.err().expect("refused");
    // Not even on this machine is encryption given up for a registry that has it.
    assert!(matches!(error, RegistryError::Untrusted { .. }), "{error:?}");
}
