//! The table of `run_as`, row by row.

use super::*;

const ANN: Owner = Owner { uid: 4321, gid: 4300 };
const ROOT: Owner = Owner { uid: 0, gid: 0 };

fn words(text: &str) -> Vec<String> {
    text.split_whitespace().map(str::to_owned).collect()
}

fn image(user: &str, entrypoint: &str, command: &str) -> ImageConfig {
    ImageConfig {
        user: user.into(),
        entrypoint: words(entrypoint),
        command: words(command),
        ..ImageConfig::default()
    }
}

fn variables(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

#[test]
fn the_image_is_left_alone_when_its_user_is_the_owner() {
    let image = image("4321:100", "", "jupyter lab");
    let identity = decide(&ContainerSpec::default(), &image, ANN, EngineUsers::Same, None);
    assert_eq!(identity, Identity::default());
}

#[test]
fn a_plain_image_runs_as_the_owner_with_a_home_of_their_own() {
    let image = image("1000", "tini --", "jupyter lab");
    let identity = decide(&ContainerSpec::default(), &image, ANN, EngineUsers::Same, None);
    assert_eq!(
        identity,
        Identity {
            user: Some("4321:4300".into()),
            environment: variables(&[("HOME", "/home/renku"), ("USER", "renku")]),
            home: Some(Home { path: "/home/renku", owner: ANN }),
            ..Identity::default()
        }
    );
}

#[test]
fn a_home_that_the_provider_chose_is_kept() {
    let spec = ContainerSpec {
        environment: variables(&[("HOME", "/tmp"), ("USER", "ann")]),
        ..ContainerSpec::default()
    };
    let identity = decide(&spec, &image("jovyan", "", "x"), ANN, EngineUsers::Same, None);
    assert_eq!(identity, Identity { user: Some("4321:4300".into()), ..Identity::default() });
}

#[test]
fn a_docker_stacks_image_changes_the_user_itself_and_never_owners_of_files() {
    let image = image("1000", "tini -g -- start.sh", "start-notebook.py");
    let identity = decide(&ContainerSpec::default(), &image, ANN, EngineUsers::Same, None);
    assert_eq!(
        identity,
        Identity {
            user: Some("root".into()),
            environment: variables(&[("NB_UID", "4321"), ("NB_GID", "4300")]),
            ..Identity::default()
        }
    );
}

#[test]
fn a_project_of_root_runs_as_root_and_jupyter_is_told_that_this_is_fine() {
    let image = image("1000", "tini --", "jupyter lab --ip=0.0.0.0");
    let identity = decide(&ContainerSpec::default(), &image, ROOT, EngineUsers::Same, None);
    assert_eq!(
        identity,
        Identity {
            user: Some("0:0".into()),
            environment: variables(&[("HOME", "/root")]),
            command: Some(words("jupyter lab --ip=0.0.0.0 --allow-root")),
            ..Identity::default()
        }
    );
}

#[test]
fn root_keeps_the_home_of_the_image() {
    let mut image = image("1000", "", "rserver");
    image.environment.insert("HOME".into(), "/home/jovyan".into());
    let identity = decide(&ContainerSpec::default(), &image, ROOT, EngineUsers::Same, None);
    assert_eq!(identity, Identity { user: Some("0:0".into()), ..Identity::default() });
}

#[test]
fn a_docker_stacks_image_as_root_skips_the_script_that_would_give_up_root() {
    let mut image = image("1000", "tini -g -- start.sh", "start-notebook.py");
    image.environment.insert("HOME".into(), "/home/jovyan".into());
    let identity = decide(&ContainerSpec::default(), &image, ROOT, EngineUsers::Same, None);
    assert_eq!(
        identity,
        Identity {
            user: Some("0:0".into()),
            entrypoint: Some(words("tini")),
            command: Some(words("-g -- jupyter lab --allow-root")),
            ..Identity::default()
        }
    );
}

#[test]
fn on_a_rootless_engine_root_is_the_user() {
    let image = image("4321", "", "jupyter lab");
    let identity = decide(&ContainerSpec::default(), &image, ANN, EngineUsers::RootIsUser, None);
    assert_eq!(identity.user.as_deref(), Some("0:0"));
    assert_eq!(identity.command, Some(words("jupyter lab --allow-root")));
}

#[test]
fn rootless_podman_makes_the_user_the_one_that_the_image_wants() {
    let mapped = |image: &ImageConfig| {
        let identity = decide(&ContainerSpec::default(), image, ANN, EngineUsers::Mappable, None);
        (identity.user, identity.user_namespace, identity.home.is_some())
    };
    let text = |text: &str| Some(text.to_owned());
    assert_eq!(
        mapped(&image("1000", "tini -g -- start.sh", "start-notebook.py")),
        (text("1000:100"), text("keep-id:uid=1000,gid=100"), false)
    );
    assert_eq!(
        mapped(&image("1000:7", "", "x")),
        (text("1000:7"), text("keep-id:uid=1000,gid=7"), false)
    );
    assert_eq!(
        mapped(&image("1000", "", "x")),
        (text("1000:1000"), text("keep-id:uid=1000,gid=1000"), false)
    );
    assert_eq!(mapped(&image("", "", "x")), (text("0:0"), None, false));
    assert_eq!(mapped(&image("jovyan", "", "x")), (text("4321:4300"), text("keep-id"), true));
}

#[test]
fn the_image_decides_when_asked_to_or_where_the_engine_translates_owners() {
    let spec = ContainerSpec { run_as: RunAs::ImageUser, ..ContainerSpec::default() };
    assert_eq!(
        decide(&spec, &image("1000", "", "x"), ANN, EngineUsers::Same, None),
        Identity::default()
    );
    let spec = ContainerSpec::default();
    let identity = decide(&spec, &image("1000", "", "x"), ANN, EngineUsers::Translated, None);
    assert_eq!(identity, Identity::default());
    let identity = decide(&spec, &image("", "", "jupyter lab"), ANN, EngineUsers::Translated, None);
    assert_eq!(identity.command, Some(words("jupyter lab --allow-root")));
}

#[test]
fn the_user_that_was_typed_is_the_one() {
    let docker_stack = image("jovyan", "start.sh", "start-notebook.sh");
    for users in [EngineUsers::Same, EngineUsers::RootIsUser, EngineUsers::Mappable] {
        let identity = decide(&ContainerSpec::default(), &docker_stack, ANN, users, Some("1:2"));
        assert_eq!(identity, Identity { user: Some("1:2".into()), ..Identity::default() });
    }
}
