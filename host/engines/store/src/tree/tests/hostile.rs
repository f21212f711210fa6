//! Archives that want out.

use tar::EntryType;

use super::made::{Around, Made};
use crate::domain::Digest;
use crate::fault::{Fault, Wrong};

fn wrong(around: &Around, layers: &[Made]) -> Wrong {
    match around.lay(layers).unwrap_err() {
        Fault::Entry { why, .. } => why,
        other => panic!("{other:?}"),
    }
}

#[test]
fn no_name_leads_upwards() {
    for path in ["../outside/new", "a/../../outside/new", "/../outside/new", "..", "a/.."] {
        let around = Around::new();
        for made in [
            Made::new().file(path, "x"),
            Made::new().folder(path),
            Made::new().link(path, "x"),
            Made::new().hard(path, "x"),
            Made::new().special(path, EntryType::Char),
        ] {
            assert_eq!(wrong(&around, &[made]), Wrong::Upwards, "{path}");
        }
        assert!(around.all().is_empty());
    }
}

#[test]
fn a_link_is_data_and_leads_nowhere_outside() {
    for up in ["../outside", "../../../../../outside", "/outside"] {
        let around = Around::new();
        let absolute = around.outside().display().to_string();
        for target in [up, absolute.as_str()] {
            let around = Around::new();
            let made = Made::new()
                .link("out", target)
                .file("out/new", "inside")
                .folder("out/folder")
                .link("out/secret", "x")
                .file("out/secret", "mine")
                .file("out/.wh.secret", "");
            around.lay(&[made.clone(), made]).unwrap();
            // The root of the tree is the root of every link in it.
            let inside = target.trim_start_matches("../").trim_start_matches('/');
            assert_eq!(std::fs::read_to_string(around.at(inside).join("new")).unwrap(), "inside");
            let link = around.at("out").read_link().unwrap();
            assert_eq!(link.to_str(), Some(target));
        }
    }
}

#[test]
fn a_file_in_the_place_of_a_link_is_not_written_through_it() {
    let around = Around::new();
    let secret = around.outside().join("secret").display().to_string();
    let made = Made::new().link("link", &secret).file("link", "mine");
    around.lay(&[made]).unwrap();
    assert_eq!(around.all(), ["link = mine"]);
    // Nor is one in the place of another name of a file.
    let around = Around::new();
    let base = Made::new().file("a", "base").hard("b", "a");
    around.lay(&[base, Made::new().file("b", "over")]).unwrap();
    assert_eq!(around.all(), ["a = base", "b = over"]);
}

#[test]
fn a_hard_link_is_to_a_file_of_the_tree() {
    let around = Around::new();
    let secret = around.outside().join("secret").display().to_string();
    let out = Made::new().link("out", around.outside().display().to_string());
    for made in [
        Made::new().hard("x", "../outside/secret"),
        Made::new().hard("x", &secret),
        Made::new().hard("x", "nothing"),
        Made::new().hard("x", ""),
        Made::new().hard("x", "/"),
        Made::new().folder("folder").hard("x", "folder"),
        out.clone().hard("x", "out/secret"),
    ] {
        assert_eq!(wrong(&around, &[made]), Wrong::NoTarget);
    }
    assert!(!around.at("x").exists());
    // One to a link is another name of the link, and one to itself is nothing new.
    let around = Around::new();
    around
        .lay(&[Made::new().link("l", &secret).hard("x", "l").hard("x", "x").file("x", "mine")])
        .unwrap();
    assert_eq!(around.all(), [format!("l -> {secret}"), "x = mine".to_owned()]);
}

#[test]
fn circles_and_ways_without_an_end_are_noticed() {
    let around = Around::new();
    let circle = Made::new().link("a", "b").link("b", "a").file("a/x", "x");
    assert_eq!(wrong(&around, &[circle]), Wrong::Circle);
    let itself = Made::new().link("self", "self/..").file("self/x", "x");
    assert_eq!(wrong(&around, &[itself]), Wrong::Circle);
    let up_and_down = "d/../".repeat(500);
    let slow = Made::new()
        .folder("d")
        .link("slow", format!("{up_and_down}slow2"))
        .link("slow2", up_and_down);
    assert_eq!(wrong(&around, &[slow.file("slow/x", "x")]), Wrong::TooDeep);
    let deep = Made::new().file(vec!["d"; 300].join("/"), "x");
    assert_eq!(wrong(&Around::new(), &[deep]), Wrong::TooDeep);
    // Deeper by a link to where it is deep already.
    let half = vec!["h"; 200].join("/");
    let deeper = Made::new().folder(&half).link("l", &half).file(format!("l/{half}/x"), "x");
    assert_eq!(wrong(&Around::new(), &[deeper]), Wrong::TooDeep);
}

#[test]
fn names_that_no_file_can_have_are_refused() {
    let around = Around::new();
    for path in ["n".repeat(256), "n".repeat(5000), "n/".repeat(2500)] {
        assert_eq!(wrong(&around, &[Made::new().file(&path, "x")]), Wrong::TooLong);
        assert_eq!(wrong(&around, &[Made::new().link("x", "n".repeat(5000))]), Wrong::TooLong);
    }
    assert_eq!(wrong(&around, &[Made::new().link("x", "")]), Wrong::EmptyLink);
    let mut pax = Made::new().raw(EntryType::XHeader, b"pax", b"", 0, b"12 path=a\0b\n");
    pax = pax.file("x", "");
    assert_eq!(wrong(&around, &[pax]), Wrong::Nul);
    assert!(around.all().is_empty());
}

#[test]
fn whiteouts_remove_names_in_their_folder_alone() {
    for path in [".wh...", ".wh..", ".wh.", "a/.wh...", ".wh.a/b", "a/.wh.b/c"] {
        let around = Around::new();
        let found = wrong(&around, &[Made::new().file("a/b", "x"), Made::new().file(path, "")]);
        assert_eq!(found, Wrong::Whiteout, "{path}");
        assert_eq!(around.all(), ["a/", "a/b = x"]);
    }
    // What they are in may be a link, which ends at the root of the tree.
    let around = Around::new();
    let outside = around.outside().display().to_string();
    let base = Made::new().link("out", outside).link("up", "../outside").file("file", "x");
    let over = Made::new()
        .file("out/.wh.secret", "")
        .file("out/.wh..wh..opq", "")
        .file("up/.wh..wh..opq", "")
        .file("file/.wh..wh..opq", "")
        .file("file/.wh.x", "")
        .file("none/.wh..wh..opq", "");
    around.lay(&[base, over]).unwrap();
    assert_eq!(around.all().len(), 3);
}

#[test]
fn a_layer_is_what_was_promised_or_an_error() {
    let made = Made::new().file("a", "x");
    let (bytes, packed) = (made.bytes(), made.gzip());
    let unpacked = Digest::of(&bytes);
    for good in [&bytes, &packed] {
        Around::new().lay_bytes(&[(good, unpacked)]).unwrap();
    }
    let other = Around::new().lay_bytes(&[(&packed, Digest::of(b""))]).unwrap_err();
    assert!(matches!(other, Fault::Digest { what: "an unpacked layer", .. }), "{other:?}");
    // Behind the end of the archive nothing is hidden, either.
    let longer = [&bytes[..], b"more"].concat();
    let hidden = Around::new().lay_bytes(&[(&longer, unpacked)]).unwrap_err();
    assert!(matches!(hidden, Fault::Digest { .. }), "{hidden:?}");
    for (cut, of) in [(&packed[..packed.len() - 4], unpacked), (&bytes[..700], unpacked)] {
        let short = Around::new().lay_bytes(&[(cut, of)]).unwrap_err();
        assert!(matches!(short, Fault::Read(_)), "{short:?}");
    }
    let mut damaged = bytes.clone();
    damaged[0] ^= 1;
    let damaged = Around::new().lay_bytes(&[(&damaged, Digest::of(&damaged))]).unwrap_err();
    assert!(matches!(damaged, Fault::Read(_)), "{damaged:?}");
    let sparse = Made::new().raw(EntryType::GNUSparse, b"s", b"", 0o644, b"");
    assert!(matches!(Around::new().lay(&[sparse]).unwrap_err(), Fault::Read(_)));
}
