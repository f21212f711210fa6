//! Archives around layers that want out, or are not what they claim: nothing of them stays.

use renku_session_domain::{Diagnostic as _, Digest, ErrorKind};
use serde_json::json;

use crate::image::{Home, Image, architecture, gzip, layout, packed, tar};

#[tokio::test]
async fn nothing_stays_of_an_image_that_is_refused() {
    let home = Home::new();
    let shown = home.folder.path().join("archive.tar").display().to_string();
    let good = Image::new("good");
    let ours = format!("linux/{}", architecture());
    let mut broken = good.blobs();
    broken.last_mut().unwrap().1[20] ^= 1;
    let mut swapped = Image::new("good");
    swapped.unpacked.reverse();
    let whole = good.docker_save(&["a:1"]);
    let traversal =
        json!([{"Config": "../../../../etc/passwd", "RepoTags": null, "Layers": ["/etc/passwd"]}]);
    for (bytes, message, kind) in [
        // A layer of another order, one that was changed, one that is not there.
        (swapped.docker_save(&["a:1"]), "is not what it claims to be", ErrorKind::Denied),
        (packed(&layout(&[good.named(&ours, None)], &broken)), "", ErrorKind::Denied),
        (
            packed(&layout(&[good.named(&ours, None)], &good.blobs()[..3])),
            "contains no image",
            ErrorKind::InvalidInput,
        ),
        (
            tar(&[("manifest.json", traversal.to_string().as_bytes())]),
            "contains no image",
            ErrorKind::InvalidInput,
        ),
        (whole[..whole.len() - 3000].to_vec(), "", ErrorKind::InvalidInput),
        (gzip(&whole)[..200].to_vec(), "is damaged", ErrorKind::InvalidInput),
        (
            hostile("../../outside"),
            "is not unpacked: `../../outside` in it is not acceptable",
            ErrorKind::Denied,
        ),
    ] {
        let error = home.load_bytes(&bytes).await.unwrap_err();
        assert!(error.to_string().contains(message), "{error}");
        assert!(error.to_string().contains(&shown), "{error}");
        assert!(error.kind() == kind || message.is_empty(), "{error} {:?}", error.causes());
        assert!(home.names().is_empty(), "{:?}", home.names());
    }
    let mut around: Vec<_> =
        home.folder.path().read_dir().unwrap().map(|it| it.unwrap().file_name()).collect();
    around.sort();
    assert_eq!(around, ["archive.tar", "images"]);
}

/// An image whose one layer has one entry of this name.
fn hostile(path: &str) -> Vec<u8> {
    let mut header = tar::Header::new_gnu();
    header.as_old_mut().name[..path.len()].copy_from_slice(path.as_bytes());
    header.set_size(0);
    header.set_mode(0o644);
    header.set_cksum();
    let layer = [&header.as_bytes()[..], &[0; 1024]].concat();
    let config = json!({"rootfs": {"diff_ids": [Digest::of(&layer)]}}).to_string();
    let manifest =
        json!([{"Config": "c.json", "RepoTags": ["a:1"], "Layers": ["l.tar"]}]).to_string();
    tar(&[("l.tar", &layer), ("c.json", config.as_bytes()), ("manifest.json", manifest.as_bytes())])
}

#[tokio::test]
async fn text_of_an_archive_is_harmless_in_messages() {
    let home = Home::new();
    let error = home.load_bytes(&hostile("../\u{1b}[2Jx")).await.unwrap_err();
    assert!(!error.to_string().contains('\u{1b}'), "{error}");
}
