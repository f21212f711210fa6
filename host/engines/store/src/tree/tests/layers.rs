//! What the specification says about layers.

use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};

use tar::EntryType;

use super::made::{Around, Made};

#[test]
fn a_layer_lies_over_those_below_it() {
    let around = Around::new();
    let base = Made::new()
        .folder("./")
        .folder("usr/bin")
        .file("usr/bin/python3", "python")
        .link("bin", "usr/bin")
        .file("etc/motd", "old")
        .file("kind/was-a-folder/file", "x")
        .file("kind/was-a-file", "x")
        .link("kind/was-a-link", "/etc");
    let over = Made::new()
        .file("/bin/sh", "sh")
        .hard("bin/python", "usr/bin/python3")
        .file("etc/motd", "new")
        .file("kind/was-a-folder", "file")
        .file("kind/was-a-file/file", "never")
        .folder("kind/was-a-link");
    // A folder that no entry describes is in the way of none.
    let broken = around.lay(&[base.clone(), over]).unwrap_err();
    assert!(format!("{broken:?}").contains("InTheWay"), "{broken:?}");
    let around = Around::new();
    let over = Made::new()
        .file("/bin/sh", "sh")
        .hard("bin/python", "usr/bin/python3")
        .file("etc/motd", "new")
        .file("kind/was-a-folder", "file")
        .folder("kind/was-a-file")
        .folder("kind/was-a-link");
    around.lay(&[base, over]).unwrap();
    assert_eq!(
        around.all(),
        [
            "bin -> usr/bin",
            "etc/",
            "etc/motd = new",
            "kind/",
            "kind/was-a-file/",
            "kind/was-a-folder = file",
            "kind/was-a-link/",
            "usr/",
            "usr/bin/",
            "usr/bin/python = python",
            "usr/bin/python3 = python",
            "usr/bin/sh = sh",
        ]
    );
    let inode = |path: &str| around.at(path).metadata().unwrap().ino();
    assert_eq!(inode("usr/bin/python"), inode("usr/bin/python3"));
}

#[test]
fn a_whiteout_removes_what_is_below_and_nothing_of_its_own_layer() {
    let base = Made::new()
        .file("a/gone", "x")
        .file("a/stays", "x")
        .file("b/one", "x")
        .file("b/deep/two", "x")
        .file("c/old", "x")
        .link("link", "b");
    let over = Made::new()
        .file("a/.wh.gone", "")
        .file("a/.wh.never-was", "")
        .file("none/.wh.x", "")
        .file("b/before", "new")
        .file("b/.wh..wh..opq", "")
        .file("b/after", "new")
        .file("b/deep/new", "new")
        .file("c/new", "new")
        .file(".wh.c", "")
        .file(".wh..wh.plnk/1.2", "aufs")
        .file(".wh..wh.aufs", "aufs");
    let around = Around::new();
    around.lay(&[base.clone(), over]).unwrap();
    assert_eq!(
        around.all(),
        [
            "a/",
            "a/stays = x",
            "b/",
            "b/after = new",
            "b/before = new",
            "b/deep/",
            "b/deep/new = new",
            "c/",
            "c/new = new",
            "link -> b",
        ]
    );
    let around = Around::new();
    around.lay(&[base.clone(), Made::new().file(".wh..wh..opq", "")]).unwrap();
    assert!(around.all().is_empty());
    // A whiteout is of the name: not of what a link leads to.
    let around = Around::new();
    around.lay(&[base, Made::new().file(".wh.link", "")]).unwrap();
    assert!(!around.all().iter().any(|it| it.starts_with("link")) && around.at("b/one").exists());
}

#[test]
fn an_image_keeps_its_permissions_but_nothing_that_is_more_than_its_user_may() {
    let around = Around::new();
    let file = |made: Made, path: &str, mode| {
        made.raw(EntryType::Regular, path.as_bytes(), b"", mode, b"x")
    };
    let mut made = Made::new().raw(EntryType::Directory, b"closed", b"", 0o1577, b"");
    for (path, mode) in
        [("su", 0o4755), ("sg", 0o2755), ("all", 0o777), ("none", 0), ("read", 0o444)]
    {
        made = file(made, path, mode);
    }
    around.lay(&[file(made, "closed/file", 0o600)]).unwrap();
    let mode =
        |path: &str| around.at(path).symlink_metadata().unwrap().permissions().mode() & 0o7777;
    assert_eq!(["su", "sg", "all", "none", "read"].map(mode), [0o755, 0o755, 0o755, 0o600, 0o644]);
    assert_eq!(mode("closed"), 0o755);
    let seen = around.at("closed").metadata().unwrap();
    assert_eq!(
        (seen.mtime(), around.at("su").metadata().unwrap().mtime()),
        (1_000_000_000, 1_000_000_000)
    );
    assert_eq!(seen.uid(), around.outside().metadata().unwrap().uid());
}

#[test]
fn names_are_bytes_and_cases_differ() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt as _;
    let around = Around::new();
    let latin = b"caf\xe9";
    let long = "n".repeat(255);
    let deep = format!("{}/{long}", vec!["d"; 100].join("/"));
    around
        .lay(&[Made::new()
            .file(latin, "x")
            .file("A", "upper")
            .file("a", "lower")
            .file(&deep, "deep")])
        .unwrap();
    assert_eq!(std::fs::read_to_string(around.at("").join(OsStr::from_bytes(latin))).unwrap(), "x");
    assert_eq!(std::fs::read_to_string(around.at("A")).unwrap(), "upper");
    assert_eq!(std::fs::read_to_string(around.at("a")).unwrap(), "lower");
    assert_eq!(std::fs::read_to_string(around.at(&deep)).unwrap(), "deep");
}

#[test]
fn devices_pipes_and_sockets_are_left_out() {
    let around = Around::new();
    let made = Made::new()
        .special("dev/null", EntryType::Char)
        .special("dev/sda", EntryType::Block)
        .special("run/pipe", EntryType::Fifo)
        .file("dev/file", "x");
    around.lay(&[made]).unwrap();
    assert_eq!(around.all(), ["dev/", "dev/file = x"]);
}
