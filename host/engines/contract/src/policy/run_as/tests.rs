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

fn known(config: &ImageConfig) -> KnownImage<'_> {
    KnownImage { id: "sha256:1", config }
}

fn decided(image: &ImageConfig, owner: Owner, users: EngineUsers) -> Identity {
    decide(&ContainerSpec::default(), known(image), owner, users, None)
}

fn whole(owner: Owner) -> Person {
    Person::new("sha256:1", &ImageConfig::default(), owner, None)
}

#[test]
fn whoever_the_image_s_user_is_the_owner_is_a_whole_user_of_it() {
    for user in ["", "1000", "4321:100", "jovyan"] {
        let identity = decided(&image(user, "tini --", "jupyter lab"), ANN, EngineUsers::Same);
        assert_eq!(
            identity,
            Identity {
                user: Some("4321:4300".into()),
                person: Some(whole(ANN)),
                ..Identity::default()
            },
            "{user}"
        );
    }
}

#[test]
fn the_scripts_of_docker_stacks_have_nothing_to_change() {
    let image = image("1000", "tini -g -- start.sh", "start-notebook.py");
    let identity = decided(&image, ANN, EngineUsers::Same);
    assert_eq!((identity.user, identity.person), (Some("4321:4300".into()), Some(whole(ANN))));
}

#[test]
fn images_that_give_up_root_themselves_are_told_who_the_owner_is() {
    let told = variables(&[
        ("NB_UID", "4321"),
        ("NB_GID", "4300"),
        ("USERID", "4321"),
        ("GROUPID", "4300"),
        ("PUID", "4321"),
        ("PGID", "4300"),
    ]);
    for (user, entrypoint, command) in
        [("", "", "/init"), ("0", "/init", ""), ("root", "tini -g -- start.sh", "jupyter lab")]
    {
        let identity = decided(&image(user, entrypoint, command), ANN, EngineUsers::Same);
        let user = Some("root".to_owned());
        let expected = Identity { user, environment: told.clone(), ..Identity::default() };
        assert_eq!(identity, expected, "{entrypoint} {command}");
    }
    let mut typed = ContainerSpec::default();
    typed.environment = variables(&[("PUID", "7")]);
    let image = image("", "/init", "");
    let identity = decide(&typed, known(&image), ANN, EngineUsers::Same, None);
    assert!(identity.environment.iter().all(|(name, _)| name != "PUID"), "what was typed counts");
}

#[test]
fn a_project_of_root_runs_as_root_and_jupyter_is_told_that_this_is_fine() {
    let image = image("1000", "tini --", "jupyter lab --ip=0.0.0.0");
    let identity = decided(&image, ROOT, EngineUsers::Same);
    assert_eq!(
        identity,
        Identity {
            user: Some("0:0".into()),
            person: Some(whole(ROOT)),
            command: Some(words("jupyter lab --ip=0.0.0.0 --allow-root")),
            ..Identity::default()
        }
    );
}

#[test]
fn root_has_the_home_of_the_image() {
    let mut with_home = image("1000", "", "rserver");
    with_home.environment.insert("HOME".into(), "/home/jovyan".into());
    let identity = decided(&with_home, ROOT, EngineUsers::Same);
    assert_eq!(identity, Identity { user: Some("0:0".into()), ..Identity::default() });
    let identity = decided(&image("", "", "rserver"), ROOT, EngineUsers::Same);
    assert_eq!(identity.environment, variables(&[("HOME", "/root")]));
}

#[test]
fn a_docker_stacks_image_as_root_skips_the_script_that_would_give_up_root() {
    let mut image = image("1000", "tini -g -- start.sh", "start-notebook.py");
    image.environment.insert("HOME".into(), "/home/jovyan".into());
    let identity = decided(&image, ROOT, EngineUsers::Same);
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
    let identity = decided(&image("4321", "", "jupyter lab"), ANN, EngineUsers::RootIsUser);
    assert_eq!(identity.user.as_deref(), Some("0:0"));
    assert_eq!(identity.command, Some(words("jupyter lab --allow-root")));
}

#[test]
fn rootless_podman_makes_the_user_the_one_that_the_image_wants() {
    let mapped = |image: &ImageConfig| {
        let identity = decided(image, ANN, EngineUsers::Mappable);
        let owner = identity.person.map(|person| (person.owner.uid, person.owner.gid));
        (identity.user, identity.user_namespace, owner)
    };
    let text = |text: &str| Some(text.to_owned());
    assert_eq!(
        mapped(&image("1000", "tini -g -- start.sh", "start-notebook.py")),
        (text("1000:100"), text("keep-id:uid=1000,gid=100"), Some((1000, 100)))
    );
    assert_eq!(
        mapped(&image("1000:7", "", "x")),
        (text("1000:7"), text("keep-id:uid=1000,gid=7"), Some((1000, 7)))
    );
    assert_eq!(
        mapped(&image("1002", "", "x")),
        (text("1002:1002"), text("keep-id:uid=1002,gid=1002"), Some((1002, 1002)))
    );
    assert_eq!(mapped(&image("", "", "x")), (text("0:0"), None, None));
    assert_eq!(
        mapped(&image("jovyan", "", "x")),
        (text("1000:1000"), text("keep-id:uid=1000,gid=1000"), Some((1000, 1000)))
    );
}

#[test]
fn the_image_decides_when_asked_to_or_where_the_engine_translates_owners() {
    let spec = ContainerSpec { run_as: RunAs::ImageUser, ..ContainerSpec::default() };
    let numeric = image("1000", "", "x");
    assert_eq!(decide(&spec, known(&numeric), ANN, EngineUsers::Same, None), Identity::default());
    assert_eq!(decided(&numeric, ANN, EngineUsers::Translated), Identity::default());
    let identity = decided(&image("", "", "jupyter lab"), ANN, EngineUsers::Translated);
    assert_eq!(identity.command, Some(words("jupyter lab --allow-root")));
}

#[test]
fn the_user_that_was_typed_is_the_one() {
    let docker_stack = image("jovyan", "start.sh", "start-notebook.sh");
    for users in [EngineUsers::Same, EngineUsers::RootIsUser, EngineUsers::Mappable] {
        let spec = ContainerSpec::default();
        let identity = decide(&spec, known(&docker_stack), ANN, users, Some("1:2"));
        assert_eq!(identity, Identity { user: Some("1:2".into()), ..Identity::default() });
    }
}
