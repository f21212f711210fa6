//! Lists of registries: versions in pages, and what refers to a manifest, of which
//! registries have different ideas.

use std::collections::BTreeMap;

use renku_session_domain::Diagnostic as _;
use renku_session_registry::artifacts::{RegistryError, Which};
use serde_json::json;

use crate::fake::{
    Asked, DIGEST, Fake, INDEX, MANIFEST, PROVIDER, Reply, json, missing, ordinary, reply,
};
use crate::hostile::{pull, tag};
use crate::real::{nobody, reading};

const SIGNATURE: &str = "application/vnd.renku.provider.signature.minisign.v1";

fn digest_of(text: &str) -> String {
    renku_session_domain::Digest::of(text.as_ref()).to_string()
}

/// A registry that gives two tags a page, whatever it is asked for.
fn paged(tags: &'static [&'static str], next: fn(&str, &str) -> String) -> Fake {
    Fake::new(move |host, asked| {
        let Some((_, query)) = asked.path.split_once("/tags/list") else { return ordinary(asked) };
        let last = query.split(['?', '&']).find_map(|pair| pair.strip_prefix("last="));
        let begin = last.and_then(|last| tags.iter().position(|tag| *tag == last));
        let begin = begin.map_or(0, |place| place + 1);
        let page: Vec<&str> = tags.iter().skip(begin).take(2).copied().collect();
        let body = json!({"name": "acme/slurm", "tags": page}).to_string();
        let mut headers = vec![("content-type", "application/json".to_owned())];
        if begin + 2 < tags.len() {
            let link = next(host, page.last().expect("a tag"));
            headers.push(("link", format!("<{link}>; rel=\"next\"")));
        }
        Reply::Whole("200 OK", headers, body)
    })
}

#[tokio::test]
async fn a_list_of_versions_is_read_to_its_end() {
    static TAGS: &[&str] = &["0.2.44", "sha256-0a", "0.2.45", "latest", "sha256-0b", "0.2.60"];
    for next in [
        (|_, last| format!("/v2/acme/slurm/tags/list?n=2&last={last}")) as fn(&str, &str) -> String,
        |host, last| format!("http://{host}/v2/acme/slurm/tags/list?last={last}"),
        |_, last| format!("list?last={last}"),
    ] {
        let fake = paged(TAGS, next);
        let reader = reading(&fake.place(), &nobody()).await.expect("reach");
        let versions = reader.versions().await.expect("versions");
        let versions: Vec<String> = versions.iter().map(ToString::to_string).collect();
        assert_eq!(versions, ["0.2.44", "0.2.45", "0.2.60"]);
        let pulled = reader.pull(&Which::Newest, 100).await.expect("pull");
        assert!(pulled.reference.to_string().ends_with(":0.2.60"), "{}", pulled.reference);
    }
}

#[tokio::test]
async fn a_list_that_goes_on_elsewhere_or_for_ever_is_no_list() {
    static TAGS: &[&str] = &["1.0.0", "1.1.0", "1.2.0"];
    let fake = paged(TAGS, |_, last| format!("http://127.0.0.1:1/v2/x/tags/list?last={last}"));
    let error = pull(&fake, &Which::Newest).await.expect_err("elsewhere");
    assert!(matches!(error, RegistryError::Forbidden { .. }), "{error:?}");
    let fake = paged(TAGS, |_, _| "list".to_owned());
    let error = pull(&fake, &Which::Newest).await.expect_err("for ever");
    assert!(matches!(error, RegistryError::TooMuch { .. }), "{error:?}");
}

#[tokio::test]
async fn versions_are_found_in_the_spelling_of_their_tags() {
    let find = async |tags: &'static [&'static str], which: Which| {
        let fake = paged(tags, |_, last| format!("list?last={last}"));
        pull(&fake, &which).await.map(|_| {
            let asked = fake.asked();
            let asked = asked.iter().find(|it| it.path.contains("/manifests/")).expect("asked");
            asked.path.rsplit('/').next().expect("a tag").to_owned()
        })
    };
    let exactly = |text: &str| Which::Version(text.parse().expect("a version"));
    assert_eq!(find(&["v1.2.3", "latest"], Which::Newest).await.expect("v"), "v1.2.3");
    assert_eq!(find(&["v1.2.3"], exactly("1.2.3")).await.expect("v"), "v1.2.3");
    let build = find(&["1.2.3_b.5"], exactly("1.2.3+b.5")).await.expect("build metadata");
    assert_eq!(build, "1.2.3_b.5");
    let error = find(&["latest", "nightly"], Which::Newest).await.expect_err("no version");
    let reason = "no tag of the repository is a version; its tags: latest, nightly";
    assert_eq!(error.causes(), [reason]);
    assert!(error.hint().expect("a hint").contains("/acme/slurm:latest` names"), "{error:?}");
}

#[tokio::test]
async fn a_tag_that_is_half_a_version_is_answered_with_what_there_is() {
    let fake = Fake::new(|_, asked| match asked.path.as_str() {
        path if path.contains("/manifests/0.1") => missing(),
        path if path.contains("/tags/") => {
            json(&json!({"name": "acme/slurm", "tags": ["0.1.0", "0.1.4", "0.2.0"]}))
        }
        _ => ordinary(asked),
    });
    let error = pull(&fake, &Which::Tag("0.1".into())).await.expect_err("no tag");
    assert_eq!(error.causes(), ["the versions there: 0.1.0, 0.1.4, 0.2.0"]);
    let instead = format!("`oci://{}:^0.1` is the newest of its kind", fake.place());
    assert_eq!(error.hint(), Some(instead));
    let other = pull(&fake, &Which::Tag("0.1x".into())).await.expect_err("no tag");
    assert_eq!(other.hint(), None);
}

/// Two digests name one provider: of its file, and of its manifest.
#[tokio::test]
async fn either_digest_names_a_provider() {
    let fake = Fake::new(|_, asked| match asked.path.contains(&format!("/manifests/{DIGEST}")) {
        true => missing(),
        false => ordinary(asked),
    });
    let reader = reading(&fake.place(), &nobody()).await.expect("reach");
    let by_file = reader.pull(&Which::Digest(DIGEST.into()), 100).await.expect("by its file");
    assert_eq!(by_file.bytes, PROVIDER.as_bytes());
    assert!(by_file.reference.to_string().ends_with(&by_file.manifest), "{}", by_file.reference);
    let by_manifest = reader.pull(&Which::Digest(by_file.manifest.clone()), 100).await;
    assert_eq!(by_manifest.expect("by its manifest").manifest, by_file.manifest);
    let none = Which::Digest(digest_of("something else"));
    let error = reader.pull(&none, 100).await.expect_err("neither");
    assert!(matches!(error, RegistryError::Tampered { .. }), "{error:?}");
}

#[tokio::test]
async fn an_index_is_called_what_it_is() {
    let fake = Fake::new(|_, asked| match asked.path.contains("/manifests/") {
        true => reply("200 OK", INDEX, &index(&[])),
        false => ordinary(asked),
    });
    let error = pull(&fake, &tag()).await.expect_err("an index");
    let words = "it is an index of 0 manifests, as images for several platforms have; a provider is one manifest";
    assert_eq!(error.causes(), [words]);
}

/// What lies under manifests and blobs besides the provider.
#[derive(Clone, Default)]
struct Attached {
    manifests: BTreeMap<String, (String, String)>,
    blobs: BTreeMap<String, String>,
}

impl Attached {
    /// A signature; gives its entry in an index.
    fn sign(&mut self, text: &str, named: bool) -> serde_json::Value {
        let mut manifest = json!({
            "schemaVersion": 2,
            "mediaType": MANIFEST,
            "config": {"mediaType": "application/vnd.oci.empty.v1+json", "digest": digest_of("{}"), "size": 2},
            "layers": [{"mediaType": SIGNATURE, "digest": digest_of(text), "size": text.len()}],
        });
        let mut entry = json!({"mediaType": MANIFEST});
        if named {
            manifest["artifactType"] = SIGNATURE.into();
            entry["artifactType"] = SIGNATURE.into();
        }
        let manifest = manifest.to_string();
        entry["digest"] = digest_of(&manifest).into();
        entry["size"] = manifest.len().into();
        self.blobs.insert(digest_of(text), text.to_owned());
        self.manifests.insert(digest_of(&manifest), (MANIFEST.into(), manifest));
        entry
    }

    fn answer(&self, asked: &Asked) -> Reply {
        let last = asked.path.rsplit('/').next().unwrap_or_default();
        if let Some((kind, text)) = self.manifests.get(last) {
            return reply("200 OK", kind, text);
        }
        match self.blobs.get(last) {
            Some(text) => reply("200 OK", "application/octet-stream", text),
            None => ordinary(asked),
        }
    }
}

fn index(entries: &[serde_json::Value]) -> String {
    json!({"schemaVersion": 2, "mediaType": INDEX, "manifests": entries}).to_string()
}

/// The signatures that a pull finds where `answer` decides about lists.
async fn signatures(
    attached: Attached,
    answer: impl Fn(&str) -> Option<Reply> + Send + Sync + 'static,
) -> Result<Vec<String>, RegistryError> {
    let fake =
        Fake::new(move |_, asked| answer(&asked.path).unwrap_or_else(|| attached.answer(asked)));
    let reader = reading(&fake.place(), &nobody()).await?;
    let pulled = reader.pull(&tag(), 1000).await?;
    assert_eq!(pulled.bytes, PROVIDER.as_bytes());
    Ok(pulled.signatures)
}

#[tokio::test]
async fn a_registry_that_does_not_know_the_question_is_asked_by_tag() {
    type Strange = fn() -> Reply;
    let strange: [Strange; 9] = [
        || reply("400 Bad Request", "text/plain", "what?"),
        || reply("403 Forbidden", "text/html", "<html>"),
        || reply("404 Not Found", "text/plain", "404 page not found"),
        || reply("405 Method Not Allowed", "text/plain", ""),
        || reply("406 Not Acceptable", "text/plain", ""),
        || reply("501 Not Implemented", "text/plain", ""),
        || reply("200 OK", "text/html", "<html>welcome</html>"),
        || reply("200 OK", "application/json", "{}"),
        || {
            let headers = vec![("location", "http://login.example/".to_owned())];
            Reply::Whole("302 Found", headers, String::new())
        },
    ];
    for answer in strange {
        let unsigned =
            signatures(Attached::default(), move |path| path.contains("/referrers/").then(answer));
        assert_eq!(unsigned.await.expect("unsigned"), [""; 0]);
        let mut attached = Attached::default();
        let listed = index(&[attached.sign("one", true)]);
        let signed = signatures(attached, move |path| {
            if path.contains("/manifests/sha256-") {
                return Some(reply("200 OK", INDEX, &listed));
            }
            path.contains("/referrers/").then(answer)
        });
        assert_eq!(signed.await.expect("signed"), ["one"]);
    }
}

/// Unknown is not unsigned.
#[tokio::test]
async fn a_signature_does_not_vanish_when_a_registry_is_in_trouble() {
    for status in
        ["403 Forbidden", "429 Too Many Requests", "500 Internal Server Error", "401 Unauthorized"]
    {
        let error = signatures(Attached::default(), move |path| {
            path.contains("/manifests/sha256-").then(|| {
                let headers = vec![("retry-after", "900".to_owned())];
                Reply::Whole(status, headers, String::new())
            })
        });
        let error = error.await.expect_err(status);
        assert!(!matches!(error, RegistryError::Missing { .. }), "{status}: {error:?}");
    }
    for status in ["429 Too Many Requests", "500 Internal Server Error"] {
        let error = signatures(Attached::default(), move |path| {
            path.contains("/referrers/").then(|| {
                let headers = vec![("retry-after", "900".to_owned())];
                Reply::Whole(status, headers, String::new())
            })
        });
        let error = error.await.expect_err(status);
        if let RegistryError::Busy { .. } = error {
            let hint = "try again in 900 s, or log in: the limit is usually higher then";
            assert_eq!(error.hint().as_deref(), Some(hint));
        }
    }
}

#[tokio::test]
async fn all_signatures_are_found_also_those_that_a_copy_does_not_name() {
    let mut attached = Attached::default();
    let entries =
        [attached.sign("one", true), attached.sign("two", false), attached.sign("three", true)];
    let other = json!({"mediaType": MANIFEST, "artifactType": "application/spdx+json",
        "digest": digest_of("x"), "size": 1});
    let listed = index(&[&entries[..], &[other]].concat());
    for place in ["/referrers/", "/manifests/sha256-"] {
        let listed = listed.clone();
        let found = signatures(attached.clone(), move |path| {
            path.contains(place).then(|| reply("200 OK", INDEX, &listed))
        });
        assert_eq!(found.await.expect("signed"), ["one", "two", "three"], "{place}");
    }
}

/// A list of the registry's own does not know what a program copied tag by tag.
#[tokio::test]
async fn an_empty_list_of_the_registry_is_not_the_last_word() {
    let mut attached = Attached::default();
    let listed = index(&[attached.sign("one", false)]);
    let found = signatures(attached, move |path| {
        if path.contains("/referrers/") {
            return Some(reply("200 OK", INDEX, &index(&[])));
        }
        path.contains("/manifests/sha256-").then(|| reply("200 OK", INDEX, &listed))
    });
    assert_eq!(found.await.expect("signed"), ["one"]);
}
