//! What is kept, used, listed and removed; and several commands at once.

use std::collections::BTreeSet;

use renku_session_domain::Silent;
use renku_session_files::TEMPORARY;
use renku_session_store::Store;

use crate::image::{Home, Image, motd};

#[tokio::test]
async fn an_image_is_listed_with_its_size_and_removed_when_nobody_uses_it() {
    let home = Home::new();
    assert!(home.store.list().unwrap().is_empty());
    let (first, second) = (Image::new("first"), Image::new("second"));
    drop(home.load_bytes(&first.docker_save(&["acme/a:1"])).await.unwrap());
    let held = home.load_bytes(&second.docker_save(&["acme/b:1"])).await.unwrap();
    // Unpacked one after the other; used again, the first one is the newest.
    std::thread::sleep(std::time::Duration::from_millis(20));
    drop(home.store.get(&first.digest()).unwrap().unwrap());
    let listed = home.store.list().unwrap();
    let names: Vec<_> = listed.iter().map(|it| it.names.join(" ")).collect();
    assert_eq!(names, ["docker.io/acme/a:1", "docker.io/acme/b:1"]);
    assert!(
        listed
            .iter()
            .all(|it| it.size > 0 && it.used >= it.made - std::time::Duration::from_secs(1))
    );
    let used = BTreeSet::from([first.digest()]);
    let none = home.store.remove(&used, |_| true).unwrap();
    assert!(none.images.is_empty(), "one is in use, the other is held: {none:?}");
    drop(held);
    let kept = home.store.remove(&used, |listed| listed.names.is_empty()).unwrap();
    assert!(kept.images.is_empty(), "it has a name: {kept:?}");
    let removed = home.store.remove(&used, |_| true).unwrap();
    assert_eq!((removed.images.len(), removed.size), (1, listed[1].size));
    assert_eq!(removed.images[0].digest, second.digest());
    assert!(home.store.get(&second.digest()).unwrap().is_none());
    assert_eq!(home.store.remove(&BTreeSet::new(), |_| true).unwrap().images.len(), 1);
    assert_eq!(home.names(), ["names.json"]);
}

#[tokio::test]
async fn what_a_killed_command_left_goes_with_the_next_one() {
    let home = Home::new();
    let left = home.store.path().join(format!("{TEMPORARY}0123456789abcdef"));
    std::fs::create_dir_all(left.join("root/etc")).unwrap();
    std::fs::write(left.join("root/etc/half"), "x").unwrap();
    let image = Image::new("x");
    home.load_bytes(&image.docker_save(&["a:1"])).await.unwrap();
    assert_eq!(home.names(), ["names.json".to_owned(), format!("sha256-{}", image.digest().hex())]);
}

#[tokio::test]
async fn of_several_that_want_the_same_image_one_unpacks_it() {
    let home = Home::new();
    let image = Image::new("shared");
    let path = home.put("archive.tar", &image.docker_save(&["a:1"]));
    let one = |_| {
        // Each has its own locks, as another program would.
        let (store, path) =
            (Store::at(home.store.path(), renku_session_store::Limits::default()), path.clone());
        async move { store.load(&path, None, &Silent).await.unwrap().pop().unwrap() }
    };
    let all = futures_util::future::join_all((0..8).map(one)).await;
    assert_eq!(all.iter().filter(|loaded| !loaded.known).count(), 1);
    assert!(all.iter().all(|loaded| motd(loaded) == "shared"));
}

#[tokio::test]
async fn a_tree_that_was_changed_is_no_image() {
    let home = Home::new();
    let image = Image::new("x");
    drop(home.load_bytes(&image.docker_save(&["a:1"])).await.unwrap());
    let config = home.store.path().join(format!("sha256-{}/config.json", image.digest().hex()));
    std::fs::write(&config, r#"{"rootfs":{}}"#).unwrap();
    let error = home.store.get(&image.digest()).unwrap_err();
    assert!(error.to_string().contains("config.json"), "{error}");
}
