//! The labels that say whose a container is, and the one question asked of
//! them: may this command see it?

use std::collections::BTreeMap;
use std::path::Path;

use sha2::{Digest as _, Sha256};

use crate::domain::hexadecimal;
use crate::driver::{Filter, Found};
use crate::{ContainersError, ProjectScope, Scope};

/// Labels that begin with this are the host's.
pub(crate) const RESERVED_PREFIX: &str = "io.renku.";
/// The provider, as its name was resolved.
pub(crate) const PROVIDER: &str = "io.renku.session.provider";
/// The identity of the project: a digest of its canonical root.
pub(crate) const PROJECT: &str = "io.renku.session.project";
/// The user of `renku` it belongs to, by their key; on images a digest of that and
/// the project, because an image can be pushed to where strangers read its labels.
pub(crate) const OWNER: &str = "io.renku.session.owner";
/// The digest of what an image was built from.
pub(crate) const BUILT_FROM: &str = "io.renku.session.built-from";
/// The images that an image was built on, as the engine had them: `NAME=ID`, with spaces.
pub(crate) const BASES: &str = "io.renku.session.bases";
/// The digest of the files that ONBUILD of those took.
pub(crate) const ONBUILD: &str = "io.renku.session.onbuild";
/// The container's name again. Labels are inherited from an image, so an image
/// made from a session (`docker commit`) carries the labels of that session;
/// a container of such an image has another name and stays foreign.
pub(crate) const NAME: &str = "io.renku.session.name";
/// The environment variables that the provider set, comma separated.
pub(crate) const ENVIRONMENT: &str = "io.renku.session.environment";
/// Where the container has a copy of the project, in a volume of its own; empty
/// when it has none, because an image made from a session with a copy would
/// otherwise say so of its containers.
pub(crate) const COPY: &str = "io.renku.session.copy";
/// The ports that the provider published, comma separated. On the network of the
/// engine's host nothing is published, and this says where the session is.
pub(crate) const PORTS: &str = "io.renku.session.ports";
/// Where the server of a container that this command started was seen, although it was
/// asked elsewhere: its port and the path below which it lies. The engine has no such
/// label; the host adds it to what it tells about the container.
pub(crate) const SERVER: &str = "io.renku.session.server";
/// The readable project name; the only label that containers of the Python
/// `renku` have in common with ours.
pub(crate) const LEGACY_PROJECT: &str = "renku_project";

/// Whose a container is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Visibility {
    /// Made by this provider, for this user and this command's project.
    Own,
    /// Made by the Python `renku`, and visible to this provider.
    Legacy,
    /// Everybody else's: it does not exist for this command.
    Foreign,
}

/// The digest of what an image was built from; none when `renku session` did not
/// build it. An image made from a session inherits the digest, too, and is distinguished
/// by the name of that session.
pub(crate) fn built_from(image: &BTreeMap<String, String>) -> Option<&str> {
    let of_session = image.get(NAME).is_some_and(|session| !session.is_empty());
    let digest = image.get(BUILT_FROM).filter(|digest| !of_session && !digest.is_empty());
    digest.map(String::as_str)
}

/// Refuses labels that only the host may set.
///
/// # Errors
///
/// [`ContainersError::ReservedLabel`].
pub(crate) fn check(labels: &BTreeMap<String, String>) -> Result<(), ContainersError> {
    match labels.keys().find(|label| label.starts_with(RESERVED_PREFIX)) {
        Some(label) => Err(ContainersError::ReservedLabel { label: label.clone() }),
        None => Ok(()),
    }
}

/// Where the container has a copy of the project.
pub(crate) fn copy_of(labels: &BTreeMap<String, String>) -> Option<&str> {
    labels.get(COPY).map(String::as_str).filter(|target| !target.is_empty())
}

/// The filter of the one list request.
///
/// Engines cannot filter for one label *or* another. Where containers of the
/// Python `renku` are visible too, the filter is the label that both kinds have
/// and [`visibility`] does the rest; likewise for a provider with two labels.
pub(crate) fn filter(scope: &Scope, owner: &str) -> Filter {
    if scope.legacy {
        return Filter::none().with_any(LEGACY_PROJECT);
    }
    let own = Filter::none().with(OWNER, owner);
    // One that could have another label, too, is looked for among all.
    let own = match scope.provider.label_before() {
        None => own.with(PROVIDER, scope.provider.label().as_str()),
        Some(_) => own,
    };
    match &scope.project {
        Some(project) => own.with(PROJECT, project.id.as_str()),
        None => own,
    }
}

/// The owner of a project's images.
pub(crate) fn owner_of_images(owner: &str, project: &str) -> String {
    let mut digest = hexadecimal(&Sha256::digest(format!("{owner} {project}")));
    digest.truncate(owner.len());
    digest
}

/// Whether a container is a session of the user `owner`, in this project where one is
/// given, of whatever provider.
pub(crate) fn is_session_of(owner: &str, found: &Found, project: Option<&ProjectScope>) -> bool {
    is_session(owner, &found.container.name, &found.labels, project)
}

fn is_session(
    owner: &str,
    name: &str,
    labels: &BTreeMap<String, String>,
    project: Option<&ProjectScope>,
) -> bool {
    let label = |key: &str| labels.get(key).map(String::as_str);
    label(PROVIDER).is_some()
        && label(OWNER) == Some(owner)
        && label(NAME) == Some(name)
        && project.is_none_or(|project| label(PROJECT) == Some(project.id.as_str()))
}

/// Whose a container is, for the user `owner`.
pub(crate) fn visibility(scope: &Scope, owner: &str, found: &Found) -> Visibility {
    let sources = found.mounts.iter().map(String::as_str);
    visibility_of(scope, owner, &found.container.name, &found.labels, sources)
}

/// The same of the container called `name`. `bind_sources` are the host paths it
/// mounts.
fn visibility_of<'a>(
    scope: &Scope,
    owner: &str,
    name: &str,
    labels: &BTreeMap<String, String>,
    mut bind_sources: impl Iterator<Item = &'a str>,
) -> Visibility {
    let label = |key: &str| labels.get(key).map(String::as_str);
    match label(PROVIDER) {
        Some(provider) => {
            let own = is_session(owner, name, labels, scope.project.as_ref())
                && scope.provider.owns_session(provider, name);
            if own { Visibility::Own } else { Visibility::Foreign }
        }
        None => {
            let legacy = scope.legacy
                && label(LEGACY_PROJECT).is_some()
                && scope.project.as_ref().is_none_or(|project| {
                    bind_sources.any(|source| Path::new(source) == project.root)
                });
            if legacy { Visibility::Legacy } else { Visibility::Foreign }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Identity;
    use crate::files::session_key::KeyFile;
    use crate::{ProjectFiles, ProjectScope};

    fn scope(project: bool, legacy: bool) -> Scope {
        Scope {
            provider: Identity::named("docker"),
            project: project.then(|| ProjectScope {
                id: "p1".into(),
                root: "/home/ann/analysis".into(),
                files: ProjectFiles::Mounted,
            }),
            legacy,
            key: KeyFile { path: "/none".into(), may_be_made: false },
        }
    }

    fn labels(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
        pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
    }

    fn see(scope: &Scope, pairs: &[(&str, &str)], mounts: &[&str]) -> Visibility {
        visibility_of(scope, "ann", "analysis-x1", &labels(pairs), mounts.iter().copied())
    }

    const OWN: [(&str, &str); 4] =
        [(PROVIDER, "docker"), (OWNER, "ann"), (PROJECT, "p1"), (NAME, "analysis-x1")];

    /// The labels of a session of ours, but for this one.
    fn other(label: &str, value: &'static str) -> [(&'static str, &'static str); 4] {
        OWN.map(|(key, own)| (key, if key == label { value } else { own }))
    }

    #[test]
    fn a_provider_sees_its_own_containers_of_the_project() {
        assert_eq!(see(&scope(true, false), &OWN, &[]), Visibility::Own);
        assert_eq!(see(&scope(false, false), &OWN, &[]), Visibility::Own);
    }

    #[test]
    fn a_file_sees_what_is_labelled_with_its_whole_digest_or_was_with_its_beginning() {
        let whole = format!("sha256:5aa5cd23c2fd{}", "1".repeat(52)).parse().unwrap();
        let scope = Scope { provider: Identity::of_file(whole), ..scope(true, false) };
        let seen = |label: &'static str| see(&scope, &other(PROVIDER, label), &[]);
        let label: &'static str = scope.provider.label().leak();
        assert_eq!(seen(label), Visibility::Own);
        assert_eq!(scope.provider.label_of("analysis-x1"), label);
        assert_eq!(seen("file:5aa5cd23c2fd"), Visibility::Own);
        assert_eq!(scope.provider.label_of("analysis-x1"), "file:5aa5cd23c2fd");
        assert_eq!(seen("file:5aa5cd23c2fe"), Visibility::Foreign);
        let other_end = format!("file:5aa5cd23c2fd{}", "2".repeat(52)).leak();
        assert_eq!(seen(other_end), Visibility::Foreign);
        // One request finds both.
        let both = Filter::none().with(OWNER, "ann").with(PROJECT, "p1");
        assert_eq!(filter(&scope, "ann"), both);
    }

    #[test]
    fn other_providers_and_other_projects_are_foreign() {
        let other_provider = other(PROVIDER, "acme/slurm");
        let other_project = other(PROJECT, "p2");
        assert_eq!(see(&scope(true, true), &other_provider, &[]), Visibility::Foreign);
        assert_eq!(see(&scope(true, true), &other_project, &[]), Visibility::Foreign);
        assert_eq!(see(&scope(false, true), &other_project, &[]), Visibility::Own);
        assert_eq!(see(&scope(true, true), &[], &["/home/ann/analysis"]), Visibility::Foreign);
    }

    #[test]
    fn sessions_of_another_user_and_of_nobody_are_foreign() {
        let nobodys: Vec<_> = OWN.into_iter().filter(|(label, _)| *label != OWNER).collect();
        for project in [true, false] {
            let others = other(OWNER, "bob");
            assert_eq!(see(&scope(project, true), &others, &[]), Visibility::Foreign);
            assert_eq!(see(&scope(project, true), &nobodys, &[]), Visibility::Foreign);
        }
    }

    #[test]
    fn images_of_one_user_say_nothing_about_each_other() {
        let owner = "0123456789abcdef0123456789abcdef";
        let (one, other) = (owner_of_images(owner, "p1"), owner_of_images(owner, "p2"));
        assert_eq!(one.len(), owner.len());
        assert!(one != other && one != owner);
    }

    #[test]
    fn labels_inherited_from_an_image_make_nobody_a_session() {
        let committed = other(NAME, "analysis-of-yesterday");
        assert_eq!(see(&scope(true, true), &committed, &[]), Visibility::Foreign);
    }

    #[test]
    fn an_image_made_from_a_session_was_built_from_nothing() {
        let of = |pairs: &[(&str, &str)]| built_from(&labels(pairs)).map(str::to_owned);
        assert_eq!(of(&[(BUILT_FROM, "d1")]).as_deref(), Some("d1"));
        assert_eq!(of(&[(BUILT_FROM, "d1"), (NAME, "")]).as_deref(), Some("d1"));
        assert_eq!(of(&[(BUILT_FROM, "d1"), (NAME, "analysis-x1")]), None);
        assert_eq!(of(&[]), None);
    }

    #[test]
    fn containers_of_the_python_renku_belong_to_the_project_they_mount() {
        let python = [(LEGACY_PROJECT, "analysis")];
        let mounts = ["/data", "/home/ann/analysis"];
        assert_eq!(see(&scope(true, true), &python, &mounts), Visibility::Legacy);
        assert_eq!(see(&scope(true, true), &python, &["/home/bob/analysis"]), Visibility::Foreign);
        assert_eq!(see(&scope(false, true), &python, &[]), Visibility::Legacy);
        assert_eq!(see(&scope(true, false), &python, &mounts), Visibility::Foreign);
    }

    #[test]
    fn one_request_with_the_narrowest_filter_lists_everything() {
        let own = Filter::none()
            .with("io.renku.session.owner", "ann")
            .with("io.renku.session.provider", "docker")
            .with("io.renku.session.project", "p1");
        assert_eq!(filter(&scope(true, false), "ann"), own);
        assert_eq!(filter(&scope(true, true), "ann"), Filter::none().with_any("renku_project"));
    }

    #[test]
    fn labels_of_the_host_are_refused() {
        let error = check(&BTreeMap::from([(PROVIDER.to_owned(), "x".to_owned())]));
        assert_eq!(
            error.expect_err("reserved").to_string(),
            "the label `io.renku.session.provider` is reserved"
        );
    }
}
