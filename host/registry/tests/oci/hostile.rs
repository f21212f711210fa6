//! A registry that sends without end, sends logins elsewhere, or leads astray.

use std::time::Duration;

use renku_session_domain::{Diagnostic as _, ErrorKind};
use renku_session_registry::Login;
use renku_session_registry::artifacts::{Purpose, Registry, RegistryError, Which};
use serde_json::json;

use crate::fake::{Fake, INDEX, MANIFEST, PROVIDER, Reply, json, ordinary, reply};
use crate::real::{Known, ann, nobody, reading};

const LIMIT: usize = 1_000_000;
pub(crate) fn tag() -> Which {
    Which::Tag("1.0.0".into())
}

pub(crate) async fn pull(fake: &Fake, which: &Which) -> Result<Vec<u8>, RegistryError> {
    let reader = reading(&fake.place(), &nobody()).await?;
    Ok(reader.pull(which, LIMIT).await?.bytes)
}

#[tokio::test]
async fn no_answer_of_a_registry_is_read_without_end() {
    for (part, kind, which) in [
        ("/tags/", "application/json", Which::Newest),
        ("/manifests/1.0.0", MANIFEST, tag()),
        ("/referrers/", INDEX, tag()),
        ("/manifests/sha256-", INDEX, tag()),
        ("/blobs/", "application/octet-stream", tag()),
    ] {
        let fake = Fake::new(move |_, asked| match asked.path.contains(part) {
            true => Reply::Endless("200 OK", kind),
            false => ordinary(asked),
        });
        let error = pull(&fake, &which).await.expect_err(part);
        assert_eq!(error.kind(), ErrorKind::ResourceExhausted, "{part}: {error:?}");
        // What the kernels hold for a connection comes on top.
        assert!(fake.written() < 16 << 20, "{part}: {} bytes were taken", fake.written());
    }
}

#[tokio::test]
async fn the_error_names_the_bounds_in_bytes_and_in_time() {
    let fake = Fake::new(|_, asked| match asked.path.contains("/tags/") {
        true => Reply::Endless("200 OK", "application/json"),
        false => ordinary(asked),
    });
    let error = pull(&fake, &Which::Newest).await.expect_err("endless");
    let host = &fake.host;
    assert_eq!(
        error.causes(),
        [format!(
            "`http://{host}` sends more than 1 MiB: an answer ends within 1 MiB and pauses for at most 60 s"
        )]
    );
    let silent = Fake::new(|_, asked| match asked.path.contains("/tags/") {
        true => Reply::Silent("application/json"),
        false => ordinary(asked),
    });
    let silence = Duration::from_millis(1500);
    let (place, who) = (silent.place(), nobody());
    let reader = Registry::connect_within(&place, &who, Purpose::Pull, silence).await;
    let error = reader.expect("reach").pull(&Which::Newest, LIMIT).await.expect_err("silent");
    assert!(matches!(error, RegistryError::Timeout { .. }), "{error:?}");
    let causes = error.causes().concat();
    assert!(causes.contains("sent nothing for 1 s") && causes.contains("1 MiB"), "{causes}");
}

#[tokio::test]
async fn a_page_about_an_error_is_read_as_far_as_it_helps() {
    let fake = Fake::new(|_, asked| match asked.path.contains("/manifests/") {
        true => Reply::Endless("500 Internal Server Error", "text/html"),
        false => ordinary(asked),
    });
    let error = pull(&fake, &tag()).await.expect_err("it is broken");
    assert_eq!(error.causes(), ["status 500"]);
    assert!(fake.written() < 16 << 20, "{} bytes were taken", fake.written());
}

/// A registry that has its tokens issued at `realm`.
fn issued_at(realm: impl Fn(&str) -> String + Send + Sync + 'static) -> Fake {
    Fake::new(move |host, asked| match asked.path.as_str() {
        path if path.starts_with("/token") => Reply::Endless("200 OK", "application/json"),
        _ if asked.header("authorization").is_some_and(|it| it == "Bearer t") => ordinary(asked),
        _ => {
            let challenge = format!("Bearer realm=\"{}\",service=\"s\"", realm(host));
            let headers = vec![("www-authenticate", challenge)];
            Reply::Whole("401 Unauthorized", headers, String::new())
        }
    })
}

#[tokio::test]
async fn a_token_server_is_read_within_bounds() {
    let fake = issued_at(|host| format!("http://{host}/token"));
    let error = pull(&fake, &tag()).await.expect_err("endless");
    assert!(matches!(error, RegistryError::TooMuch { .. }), "{error:?}");
    assert!(fake.written() < 16 << 20, "{} bytes were taken", fake.written());
}

#[tokio::test]
async fn a_login_goes_to_no_place_that_others_could_read() {
    for realm in [
        "http://192.0.2.1/token",
        "http://127.evil.example/token",
        "http://localhost.evil.example/token",
        "https://169.254.169.254/token",
        "https://[fd00:ec2::254]/token",
        "https://ann:x@192.0.2.1/token",
        "ftp://192.0.2.1/token",
        "/token",
        "",
    ] {
        let fake = issued_at(move |_| realm.to_owned());
        for who in [ann("secret"), nobody()] {
            let error = reading(&fake.place(), &who).await.err().expect(realm);
            assert!(matches!(error, RegistryError::Realm { .. }), "{realm}: {error:?}");
            assert_eq!(error.kind(), ErrorKind::Denied);
            assert!(!format!("{error:?}").contains("ann:x"), "{error:?}");
        }
        assert!(fake.asked().iter().all(|asked| asked.header("authorization").is_none()));
    }
}

#[tokio::test]
async fn a_login_stays_with_its_registry_when_a_blob_lies_elsewhere() {
    let storage = Fake::new(|_, _| reply("200 OK", "application/octet-stream", PROVIDER));
    let place = storage.host.clone();
    let fake = Fake::new(move |_, asked| {
        if asked.header("authorization").is_none() {
            let headers = vec![("www-authenticate", "Basic realm=\"x\"".to_owned())];
            return Reply::Whole("401 Unauthorized", headers, String::new());
        }
        match asked.path.contains("/blobs/") {
            true => {
                let headers = vec![("location", format!("http://{place}/blob?sig=1"))];
                Reply::Whole("307 Temporary Redirect", headers, String::new())
            }
            false => ordinary(asked),
        }
    });
    let reader = reading(&fake.place(), &ann("secret")).await.expect("reach");
    let pulled = reader.pull(&tag(), LIMIT).await.expect("pull");
    assert_eq!(pulled.bytes, PROVIDER.as_bytes());
    assert!(fake.asked().iter().any(|asked| asked.header("authorization").is_some()));
    let elsewhere = storage.asked();
    assert_eq!(elsewhere.len(), 1);
    assert_eq!(elsewhere[0].header("authorization"), None);
}

#[tokio::test]
async fn a_blob_is_not_fetched_from_where_no_origin_could_be() {
    for location in [
        "http://169.254.169.254/latest/meta-data/",
        "https://169.254.169.254/",
        "http://192.0.2.1/blob",
        "https://[64:ff9b::169.254.169.254]/",
    ] {
        let fake = Fake::new(move |_, asked| match asked.path.contains("/blobs/") {
            true => {
                let headers = vec![("location", location.to_owned())];
                Reply::Whole("302 Found", headers, String::new())
            }
            false => ordinary(asked),
        });
        let error = pull(&fake, &tag()).await.expect_err(location);
        assert!(matches!(error, RegistryError::Forbidden { .. }), "{location}: {error:?}");
    }
}

#[tokio::test]
async fn a_digest_in_a_manifest_leads_nowhere_else() {
    let fake = Fake::new(|_, asked| {
        if !asked.path.contains("/manifests/1.0.0") {
            return ordinary(asked);
        }
        let body = json!({
            "schemaVersion": 2,
            "config": {"mediaType": "application/vnd.wasm.config.v0+json", "digest": "x", "size": 2},
            "layers": [{"mediaType": "application/wasm", "digest": "../../../other/blobs/x", "size": 1}],
        });
        reply("200 OK", MANIFEST, &body.to_string())
    });
    let error = pull(&fake, &tag()).await.expect_err("no digest");
    assert!(matches!(error, RegistryError::NotAProvider { .. }), "{error:?}");
    assert!(fake.asked().iter().all(|asked| !asked.path.contains("other")));
}

/// An identity token is what `docker login` keeps of registries that give one.
#[tokio::test]
async fn an_identity_token_is_exchanged() {
    let fake = Fake::new(|host, asked| match asked.path.as_str() {
        path if path.starts_with("/token") => {
            let fitting = asked.method == "POST"
                && asked.body.contains("grant_type=refresh_token")
                && asked.body.contains("refresh_token=r3fresh")
                && asked.body.contains("scope=repository%3Aacme%2Fslurm%3Apull")
                && asked.body.contains("service=s");
            match fitting {
                true => json(&json!({"access_token": "t"})),
                false => reply("400 Bad Request", "application/json", "{}"),
            }
        }
        _ if asked.header("authorization") == Some("Bearer t") => ordinary(asked),
        _ => {
            let challenge = format!("Bearer realm=\"http://{host}/token\",service=\"s\"");
            let headers = vec![("www-authenticate", challenge)];
            Reply::Whole("401 Unauthorized", headers, String::new())
        }
    });
    let token =
        |text: &str| Known(Some(Login::IdentityToken(renku_session_domain::Secret::new(text))));
    let reader = reading(&fake.place(), &token("r3fresh")).await.expect("reach");
    assert_eq!(reader.pull(&tag(), LIMIT).await.expect("pull").bytes, PROVIDER.as_bytes());
    let error = reading(&fake.place(), &token("stale")).await.err().expect("refused");
    assert!(matches!(error, RegistryError::Denied { logged_in: true, .. }), "{error:?}");
    assert!(!format!("{error:?}").contains("stale"));
}
