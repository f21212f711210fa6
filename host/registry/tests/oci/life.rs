//! Push, pull, versions, signatures.

use renku_session_domain::Diagnostic as _;
use renku_session_registry::artifacts::{RegistryError, Which};

use crate::real::{Access, Real, artifact, nobody, reading, writing};

const LIMIT: usize = 1024;

fn tag(tag: &str) -> Which {
    Which::Tag(tag.to_owned())
}

#[tokio::test]
async fn what_was_pushed_is_pulled_by_tag_digest_and_range() {
    let registry = Real::start(&Access::Open, false);
    for version in ["1.2.0", "1.10.1", "2.0.0-rc.1"] {
        let place = registry.at(&format!("acme/slurm:{version}"));
        writing(&place, &nobody())
            .await
            .expect("reach")
            .push(&artifact(version))
            .await
            .expect("push");
    }
    let place = registry.at("acme/slurm");
    let reader = reading(&place, &nobody()).await.expect("reach");
    let text = |which: Which| {
        let reader = &reader;
        async move {
            let pulled = reader.pull(&which, LIMIT).await.expect("pull");
            assert_eq!(pulled.signatures, [""; 0]);
            (String::from_utf8(pulled.bytes).expect("text"), pulled.manifest)
        }
    };
    let (newest, digest) = text(Which::Newest).await;
    assert_eq!(newest, "1.10.1", "numbers are compared as numbers, pre-releases are left out");
    assert_eq!(text(Which::Range("~1.2".parse().expect("range"))).await.0, "1.2.0");
    assert_eq!(text(tag("2.0.0-rc.1")).await.0, "2.0.0-rc.1");
    assert_eq!(text(Which::Digest(digest)).await.0, "1.10.1");

    let none = reader.pull(&Which::Range("^3".parse().expect("range")), LIMIT).await.unwrap_err();
    assert_eq!(none.to_string(), format!("`{place}:^3` does not exist in its registry"));
    assert_eq!(none.causes(), ["the versions there: 1.2.0, 1.10.1, 2.0.0-rc.1"]);
    let missing = reader.pull(&tag("9.9.9"), LIMIT).await.unwrap_err();
    assert!(matches!(missing, RegistryError::Missing { .. }), "{missing:?}");
}

#[tokio::test]
async fn a_version_is_published_once() {
    let registry = Real::start(&Access::Open, false);
    let place = registry.at("acme/slurm:1.0.0");
    let writer = writing(&place, &nobody()).await.expect("reach");
    let first = writer.push(&artifact("one")).await.expect("push");
    let again = writer.push(&artifact("one")).await.expect("push again");
    assert_eq!((first.unchanged, again.unchanged), (false, true));
    assert_eq!(first.manifest, again.manifest);
    let other = writer.push(&artifact("two")).await.unwrap_err();
    assert!(matches!(other, RegistryError::Published { .. }), "{other:?}");
    let untagged = writing(&registry.at("acme/slurm"), &nobody()).await.expect("reach");
    let no_tag = untagged.push(&artifact("one")).await.unwrap_err();
    assert!(matches!(no_tag, RegistryError::NoTag { .. }), "{no_tag:?}");
}

/// This registry has no referrers API: the tag schema is what is tested.
#[tokio::test]
async fn a_signature_lies_beside_its_provider() {
    let registry = Real::start(&Access::Open, false);
    let place = registry.at("acme/slurm:1.0.0");
    let writer = writing(&place, &nobody()).await.expect("reach");
    let signed = |text: &str| {
        let mut artifact = artifact("one");
        artifact.signature = Some(text.to_owned());
        artifact
    };
    let pushed = writer.push(&artifact("one")).await.expect("push");
    let pull = || async { writer.pull(&tag("1.0.0"), LIMIT).await.expect("pull").signatures };
    assert_eq!(pull().await, [""; 0]);
    // Signed later, twice, by another key at last: none is lost.
    for (signature, there) in
        [("first", &["first"] as &[&str]), ("first", &["first"]), ("second", &["first", "second"])]
    {
        writer.push(&signed(signature)).await.expect("push");
        assert_eq!(pull().await, there);
    }
    let unsigned = writer.push(&artifact("one")).await.expect("push");
    assert_eq!(unsigned.manifest, pushed.manifest, "a signature does not change what it signs");
    assert_eq!(pull().await, ["first", "second"]);
    assert_eq!(writer.versions().await.expect("versions").len(), 1, "no version of its own");
}

#[tokio::test]
async fn more_bytes_than_allowed_are_not_read() {
    let registry = Real::start(&Access::Open, false);
    let place = registry.at("acme/slurm:1.0.0");
    let writer = writing(&place, &nobody()).await.expect("reach");
    writer.push(&artifact(&"x".repeat(LIMIT + 1))).await.expect("push");
    let error = writer.pull(&tag("1.0.0"), LIMIT).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        format!("`{place}` has 1025 bytes, but at most 1024 are allowed")
    );
}

#[tokio::test]
async fn a_blob_that_was_changed_on_the_disk_of_the_registry_is_noticed() {
    let registry = Real::start(&Access::Open, false);
    let place = registry.at("acme/slurm:1.0.0");
    let writer = writing(&place, &nobody()).await.expect("reach");
    writer.push(&artifact("a provider that is long enough")).await.expect("push");
    let mut changed = 0;
    for entry in walk(registry.folder.path()) {
        if std::fs::read(&entry).expect("read") == b"a provider that is long enough" {
            std::fs::write(&entry, b"a provider that is evil enough").expect("write");
            changed += 1;
        }
    }
    assert_eq!(changed, 1);
    let error = writer.pull(&tag("1.0.0"), LIMIT).await.unwrap_err();
    assert!(matches!(error, RegistryError::Tampered { .. }), "{error:?}");
}

#[tokio::test]
async fn an_image_of_a_container_is_no_provider() {
    use oci_client::client::{Config, ImageLayer};
    let registry = Real::start(&Access::Open, false);
    let client = oci_client::Client::new(oci_client::client::ClientConfig {
        protocol: oci_client::client::ClientProtocol::Http,
        ..Default::default()
    });
    let image = format!("{}/acme/image:1.0.0", registry.host).parse().expect("reference");
    let layers = [ImageLayer::oci_v1(b"layer".to_vec(), None)];
    let config = Config::oci_v1(b"{}".to_vec(), None);
    let auth = oci_client::secrets::RegistryAuth::Anonymous;
    client.push(&image, &layers, config, &auth, None).await.expect("push");
    let reader = reading(&registry.at("acme/image"), &nobody()).await.expect("reach");
    let error = reader.pull(&tag("1.0.0"), LIMIT).await.unwrap_err();
    assert_eq!(error.causes(), ["it is of the type `application/vnd.oci.image.config.v1+json`"]);
}

fn walk(folder: &std::path::Path) -> Vec<std::path::PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).expect("folder").flatten() {
        let path = entry.path();
        if path.is_dir() { files.extend(walk(&path)) } else { files.push(path) }
    }
    files
}
