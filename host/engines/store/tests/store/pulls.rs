//! Images from a real registry.

use renku_session_domain::{Diagnostic as _, ErrorKind, Silent};
use renku_session_registry::ImageReference;

use crate::image::{Home, Image, architecture};
use crate::registry::{Nobody, Registry};

#[tokio::test]
async fn an_image_is_pulled_for_this_computer_and_found_without_its_registry() {
    let registry = Registry::start();
    let (ours, other) = (Image::new("pulled"), Image::of("other", "s390x"));
    registry.push("acme/base", "ours", &ours);
    registry.push("acme/base", "other", &other);
    let platform = format!("linux/{}", architecture());
    let named = [other.named("linux/s390x", None), ours.named(&platform, None)];
    let index = registry.push_index("acme/base", "1", &named);
    let only_other = registry.push_index("acme/base", "2", &named[..1]);
    let home = Home::new();
    let tree = home.store.pull(&registry.name("acme/base:1"), &Nobody, &Silent).await.unwrap();
    assert_eq!(tree.digest, ours.digest());
    assert_eq!(std::fs::read_to_string(tree.root.join("etc/motd")).unwrap(), "pulled");
    assert!(!tree.root.join("etc/gone").exists());
    // The same image under another name is the same tree, from an archive as well.
    let again = home.store.pull(&registry.name("acme/base:ours"), &Nobody, &Silent).await.unwrap();
    assert_eq!(again.root, tree.root);
    assert!(home.load_bytes(&ours.docker_save(&["a:1"])).await.unwrap()[0].known);
    assert_eq!(home.names().len(), 2);
    let exact = registry.name(&format!("acme/base@{index}"));
    let pinned = home.store.pull(&exact, &Nobody, &Silent).await.unwrap();
    assert_eq!(pinned.digest, ours.digest());
    let host = registry.name("acme/base").registry().to_owned();
    for version in [":2".to_owned(), format!("@{only_other}"), ":other".to_owned()] {
        let name = registry.name(&format!("acme/base{version}"));
        let error = home.store.pull(&name, &Nobody, &Silent).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unsupported);
        assert_eq!(error.causes(), ["it is available for: linux/s390x"]);
        assert!(error.to_string().contains(&format!("{host}/acme/base{version}")), "{error}");
    }
    let missing =
        home.store.pull(&registry.name("acme/none:1"), &Nobody, &Silent).await.unwrap_err();
    assert_eq!(missing.kind(), ErrorKind::NotFound);
    drop(registry);
    for name in [&format!("{host}/acme/base:1"), &exact.to_string()] {
        let found = home.store.find(&ImageReference::parse(name).unwrap()).unwrap().unwrap();
        assert_eq!(found.digest, ours.digest());
    }
}

#[tokio::test]
async fn nothing_stays_of_a_layer_that_was_changed_in_the_registry() {
    let registry = Registry::start();
    let image = Image::new("pulled");
    registry.push("acme/base", "1", &image);
    for path in registry.kept(&image.layers[1]) {
        let mut bytes = image.layers[1].clone();
        *bytes.last_mut().unwrap() ^= 1;
        std::fs::write(path, bytes).unwrap();
    }
    let home = Home::new();
    let error = home.store.pull(&registry.name("acme/base:1"), &Nobody, &Silent).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Denied);
    assert!(error.to_string().contains("sent the wrong content for"), "{error}");
    assert!(home.names().is_empty(), "{:?}", home.names());
}

#[tokio::test]
async fn of_several_that_pull_the_same_image_one_unpacks_it() {
    let registry = Registry::start();
    let image = Image::new("pulled");
    registry.push("acme/base", "1", &image);
    let (home, name) = (Home::new(), registry.name("acme/base:1"));
    let all = (0..6).map(|_| home.store.pull(&name, &Nobody, &Silent));
    let trees = futures_util::future::try_join_all(all).await.unwrap();
    assert!(trees.iter().all(|tree| tree.digest == image.digest()));
    assert_eq!(home.names(), ["names.json".to_owned(), format!("sha256-{}", image.digest().hex())]);
}
