//! Archives and folders, as tools write them.

use std::os::unix::fs::PermissionsExt as _;

use renku_session_domain::{Diagnostic as _, ErrorKind, Silent};
use renku_session_registry::ImageReference;

use crate::image::{Home, Image, architecture, gzip, layout, motd, packed, tar, zstd};

#[tokio::test]
async fn what_docker_save_writes_is_loaded_once_and_found_by_its_name() {
    let home = Home::new();
    let image = Image::new("hello");
    let archive = image.docker_save(&["acme/project:1", "acme/project:latest"]);
    for (known, bytes) in [(false, archive.clone()), (true, gzip(&archive)), (true, zstd(&archive))]
    {
        let loaded = home.load_bytes(&bytes).await.unwrap();
        assert_eq!(loaded.len(), 1);
        assert_eq!(loaded[0].names, ["acme/project:1", "acme/project:latest"]);
        assert_eq!((loaded[0].known, loaded[0].tree.digest), (known, image.digest()));
        assert_eq!(motd(&loaded[0]), "hello");
        assert!(!loaded[0].tree.root.join("etc/gone").exists());
    }
    let found = home
        .store
        .find(&ImageReference::parse("docker.io/acme/project").unwrap())
        .unwrap()
        .unwrap();
    assert_eq!(found.config.command, ["sh"]);
    assert_eq!(found.config.environment["A"], "b");
    assert_eq!(found.config.working_directory, "/etc");
    assert!(home.store.find(&ImageReference::parse("acme/project:2").unwrap()).unwrap().is_none());
    assert_eq!(home.names(), ["names.json".to_owned(), format!("sha256-{}", image.digest().hex())]);
    let mode = home.store.path().metadata().unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o700);
}

#[tokio::test]
async fn a_layout_is_loaded_from_an_archive_a_folder_and_a_stream() {
    let (image, other) = (Image::new("ours"), Image::of("other", "s390x"));
    let ours = format!("linux/{}", architecture());
    let named = [other.named("linux/s390x", None), image.named(&ours, Some("acme/layout:1"))];
    let files = layout(&named, &[image.blobs(), other.blobs()].concat());
    let home = Home::new();
    for (name, bytes) in &files {
        home.put(&format!("layout/{name}"), bytes);
    }
    let archive = packed(&files);
    let stream = std::io::Cursor::new(gzip(&archive));
    for loaded in [
        home.load_bytes(&archive).await.unwrap(),
        home.load(&home.folder.path().join("layout")).await.unwrap(),
        home.store.load_stream(stream, "-", None, &Silent).await.unwrap(),
    ] {
        assert_eq!(loaded.len(), 1);
        assert_eq!(
            (motd(&loaded[0]).as_str(), &loaded[0].names[..]),
            ("ours", &["acme/layout:1".to_owned()][..])
        );
    }
    // An index in the index, and no name: it gets the one that is given.
    let inner = packed_index(&[other.named("linux/s390x", None), image.named(&ours, None)]);
    let outer = serde_json::json!({
        "mediaType": crate::image::INDEX, "digest": renku_session_domain::Digest::of(&inner), "size": inner.len(),
    });
    let mut blobs = [image.blobs(), other.blobs()].concat();
    blobs.push((format!("blobs/sha256/{}", renku_session_domain::Digest::of(&inner).hex()), inner));
    let path = home.put("nested.tar", &packed(&layout(&[outer], &blobs)));
    let name = ImageReference::parse("mine").unwrap();
    let loaded = home.store.load(&path, Some(&name), &Silent).await.unwrap();
    assert_eq!((loaded[0].known, &loaded[0].names[..]), (true, &["mine:latest".to_owned()][..]));
    assert!(home.load(&path).await.unwrap()[0].names.is_empty());
}

fn packed_index(named: &[serde_json::Value]) -> Vec<u8> {
    serde_json::json!({"schemaVersion": 2, "manifests": named}).to_string().into_bytes()
}

#[tokio::test]
async fn one_name_is_for_one_image() {
    let home = Home::new();
    let (first, second) = (Image::new("first"), Image::new("second"));
    let ours = format!("linux/{}", architecture());
    let named = [first.named(&ours, Some("acme/a:1")), second.named(&ours, Some("acme/b:1"))];
    let path =
        home.put("two.tar", &packed(&layout(&named, &[first.blobs(), second.blobs()].concat())));
    let name = ImageReference::parse("mine").unwrap();
    let error = home.store.load(&path, Some(&name), &Silent).await.unwrap_err();
    let shown = path.display();
    assert_eq!(error.to_string(), format!("`{shown}` contains 2 images, but one name was given"));
    assert_eq!(
        error.hint().unwrap(),
        format!("`renku session image load {shown}` keeps their names")
    );
    assert_eq!(home.load(&path).await.unwrap().len(), 2);
    // A name goes to the image that came last.
    home.load_bytes(&second.docker_save(&["acme/a:1"])).await.unwrap();
    let found = home.store.find(&ImageReference::parse("acme/a:1").unwrap()).unwrap().unwrap();
    assert_eq!(found.digest, second.digest());
}

#[tokio::test]
async fn what_is_no_image_for_this_computer_is_an_error_that_says_so() {
    let home = Home::new();
    let other = Image::of("other", "s390x");
    let there = home.folder.path().join("archive.tar");
    let shown = there.display();
    for (bytes, message, cause, kind) in [
        (
            other.docker_save(&["a:1"]),
            format!("the image in `{shown}` is not for this computer (`linux/{}`)", architecture()),
            "it is available for: linux/s390x".to_owned(),
            ErrorKind::Unsupported,
        ),
        (
            packed(&layout(&[other.named("linux/s390x", None)], &other.blobs())),
            format!("the image in `{shown}` is not for this computer (`linux/{}`)", architecture()),
            "it is available for: linux/s390x".to_owned(),
            ErrorKind::Unsupported,
        ),
        (
            tar(&[("README", b"x")]),
            format!("`{shown}` contains no image"),
            "it has neither `manifest.json`, as `docker save` writes it, nor `index.json` of an OCI layout".to_owned(),
            ErrorKind::InvalidInput,
        ),
        (
            b"a text that is long enough to be no archive ".repeat(20),
            format!("the image `{shown}` is damaged"),
            "a header has a wrong checksum".to_owned(),
            ErrorKind::InvalidInput,
        ),
    ] {
        let error = home.load_bytes(&bytes).await.unwrap_err();
        assert_eq!((error.to_string(), error.causes(), error.kind()), (message, vec![cause], kind));
        assert!(error.hint().is_some());
    }
    let missing = home.load(&home.folder.path().join("none.tar")).await.unwrap_err();
    assert_eq!(missing.kind(), ErrorKind::NotFound);
    assert!(home.names().is_empty(), "{:?}", home.names());
}
