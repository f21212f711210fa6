//! A RenkuLab to test against: a real HTTP server on loopback with the state
//! machine, the login and the oddities of the real services.
//!
//! It cannot drift from them: `tests/program/renkulab/recordings/mod.rs` replays
//! what was recorded against the real servers, request by request.

mod data;
mod fault;
mod ids;
mod keycloak;
mod log;
mod notebooks;
mod server;
mod tls;
mod wire;
mod world;

use std::net::TcpListener;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::{Value, json};

pub use fault::Fault;
pub use log::Seen;
pub use tls::NAME;
pub use world::{Consent, Pace};

use fault::Rule;
use server::Server;
use wire::{Request, Response};
use world::{Phase, World};

/// The image of launchers that nobody gave another one.
pub const IMAGE: &str = "ghcr.io/swissdatasciencecenter/renku/py-basic-jupyterlab:2.9.0";

/// A deployment of this test's own.
pub struct RenkuLab {
    shared: Arc<Shared>,
    url: String,
    authority: Option<(tempfile::TempDir, PathBuf)>,
    _server: Server,
}

/// What the threads of the server share.
pub(crate) struct Shared {
    world: Mutex<World>,
    seen: Mutex<Vec<Seen>>,
}

impl Shared {
    fn fault(&self, request: &Request) -> Option<Fault> {
        let mut world = self.world.lock().unwrap();
        world.faults.iter_mut().find_map(|rule| rule.strikes(request))
    }

    fn answer(&self, request: &Request) -> Response {
        let world = &mut *self.world.lock().unwrap();
        keycloak::answer(world, request)
            .or_else(|| notebooks::answer(world, request))
            .or_else(|| data::answer(world, request))
            .unwrap_or_else(|| Response::html(404, "<html><body>404 page not found</body></html>"))
    }

    fn log(&self, seen: Seen) {
        self.seen.lock().unwrap().push(seen);
    }
}

impl RenkuLab {
    /// A deployment over plain HTTP on a port of its own.
    ///
    /// # Panics
    ///
    /// Here and below: when the machine cannot run tests at all.
    #[must_use]
    pub fn start() -> Self {
        Self::listen(false)
    }

    /// The same over TLS; [`Self::authority`] vouches for it.
    #[must_use]
    pub fn start_tls() -> Self {
        Self::listen(true)
    }

    fn listen(tls: bool) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let identity = tls.then(tls::Identity::new);
        let url = format!("{}://{address}", if tls { "https" } else { "http" });
        let shared = Arc::new(Shared {
            world: Mutex::new(World::new(url.clone())),
            seen: Mutex::new(Vec::new()),
        });
        let authority = identity.as_ref().map(|identity| {
            let folder = tempfile::tempdir().unwrap();
            let file = folder.path().join("authority.pem");
            std::fs::write(&file, &identity.authority).unwrap();
            (folder, file)
        });
        let server = Server::start(listener, &shared, identity.map(|identity| identity.server));
        Self { shared, url, authority, _server: server }
    }

    /// Scheme, host and port.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The file with the certificate of who vouches for it.
    #[must_use]
    pub fn authority(&self) -> PathBuf {
        self.authority.as_ref().expect("started with TLS").1.clone()
    }

    fn world<T>(&self, change: impl FnOnce(&mut World) -> T) -> T {
        change(&mut self.shared.world.lock().unwrap())
    }

    /// Every request so far, in order.
    #[must_use]
    pub fn requests(&self) -> Vec<Seen> {
        self.shared.seen.lock().unwrap().clone()
    }

    /// Every request so far as `METHOD PATH STATUS`.
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        self.requests().iter().map(Seen::line).collect()
    }

    /// Forgets the requests so far.
    pub fn forget_requests(&self) {
        self.shared.seen.lock().unwrap().clear();
    }

    /// Every token and code that was handed out: none may be printed anywhere.
    #[must_use]
    pub fn secrets(&self) -> Vec<String> {
        self.world(|world| world.secrets.clone())
    }

    /// A bearer token of Jane Doe that is good for a day.
    #[must_use]
    pub fn token(&self) -> String {
        self.token_for("user1", Duration::from_secs(86_400))
    }

    /// A bearer token of a user (`user1`, `user2`) that is good for so long.
    #[must_use]
    pub fn token_for(&self, user: &str, lifetime: Duration) -> String {
        self.world(|world| keycloak::access_token(world, user, lifetime))
    }

    /// The lifetime of access tokens that are issued later.
    pub fn token_lifetime(&self, lifetime: Duration) {
        self.world(|world| world.lifetime = lifetime);
    }

    /// No bearer token is good any more; refresh tokens still are.
    pub fn expire_access(&self) {
        self.world(|world| world.access.clear());
    }

    /// No refresh token is good any more.
    pub fn expire_refresh(&self) {
        self.world(|world| world.refresh.clear());
    }

    /// How many refresh tokens are good now: one for each login that lives.
    #[must_use]
    pub fn logins(&self) -> usize {
        self.world(|world| world.refresh.len())
    }

    /// What the user says to logins that wait, and to those that come.
    pub fn consent(&self, consent: Consent) {
        self.world(|world| {
            world.consent = consent;
            world.devices.values_mut().for_each(|device| device.consent = consent);
        });
    }

    /// What users type to confirm the logins that wait.
    #[must_use]
    pub fn user_codes(&self) -> Vec<String> {
        self.world(|world| world.devices.values().map(|d| d.user_code.clone()).collect())
    }

    /// The codes of logins that wait expire.
    pub fn expire_devices(&self) {
        self.world(|world| {
            let past = std::time::Instant::now().checked_sub(Duration::from_secs(1)).unwrap();
            world.devices.values_mut().for_each(|device| device.expires = past);
        });
    }

    /// The version that `/api/data/version` reports after this; none: there is no such page.
    pub fn version(&self, version: Option<&str>) {
        self.world(|world| world.version = version.map(str::to_owned));
    }

    /// Becomes a Renku ≤ 2.13, whose notebooks service still answers.
    pub fn legacy(&self, version: Option<&str>) {
        self.version(version);
        self.world(|world| world.legacy = true);
    }

    /// A private project of Jane Doe; its id.
    #[must_use]
    pub fn project(&self, path: &str, repositories: &[&str]) -> String {
        self.project_of("user1", false, path, repositories)
    }

    /// A project of a user; its id.
    #[must_use]
    pub fn project_of(
        &self,
        user: &str,
        public: bool,
        path: &str,
        repositories: &[&str],
    ) -> String {
        let (namespace, slug) = path.split_once('/').unwrap();
        let asked = json!({
            "name": slug, "namespace": namespace, "slug": slug, "repositories": repositories,
        });
        id_of(&self.world(|world| world.add_project(user, public, asked)))
    }

    /// A group, and who is what in it (`owner`, `editor`, `viewer`).
    pub fn group(&self, slug: &str, members: &[(&str, &str)]) {
        self.world(|world| data::groups::add(world, slug, members));
    }

    /// A data connector of a project, with secret fields; its id.
    pub fn connector(&self, project: &str, slug: &str, fields: &[&str]) -> String {
        self.world(|world| data::connectors::add(world, project, slug, fields, None))
    }

    /// One that only this user may see.
    pub fn private_connector(&self, project: &str, slug: &str, user: &str) {
        self.world(|world| data::connectors::add(world, project, slug, &[], Some(user)));
    }

    /// A session secret that a project wants of its users.
    pub fn secret_slot(&self, project: &str, name: &str, file: &str) {
        self.world(|world| data::connectors::add_slot(world, project, name, file));
    }

    /// How many session secrets have a value.
    #[must_use]
    pub fn filled_slots(&self) -> usize {
        self.world(|world| world.slots.iter().map(|slot| slot.values.len()).sum())
    }

    /// How many credentials are saved.
    #[must_use]
    pub fn saved_credentials(&self) -> usize {
        self.world(|world| world.connectors.iter().map(|one| one.saved.len()).sum())
    }

    /// A launcher whose image is built from the code, and was never; its id.
    #[must_use]
    pub fn launcher_from_code(&self, project: &str, name: &str) -> String {
        let environment = json!({
            "container_image": "image:unknown-at-the-moment", "environment_image_source": "build",
        });
        self.launcher_with(project, name, "interactive", environment)
    }

    /// Begins a build for a launcher, as the service does by itself.
    pub fn begin_build(&self, launcher: &str) {
        self.world(|world| {
            let launcher = world.launchers.iter().find(|one| one.id == launcher).unwrap();
            let environment = launcher.shown["environment"]["id"].as_str().unwrap().to_owned();
            data::builds::begin(world, &environment)
        });
    }

    /// Ends all builds that run.
    pub fn finish_builds(&self) {
        self.world(data::builds::finish);
    }

    /// There are no sessions any more.
    pub fn forget_sessions(&self) {
        self.world(|world| world.sessions.clear());
    }

    /// Whether builds that begin from now on fail.
    pub fn builds_fail(&self, fail: bool) {
        self.world(|world| world.builds_fail = fail);
    }

    /// The user has connected an account of this service.
    pub fn connect(&self, service: &str) {
        self.world(|world| world.connections.push(service.into()));
    }

    /// After each pause or resume, so many more are forgotten and answered 200: the operator
    /// lags behind.
    pub fn lag(&self, wishes: u32) {
        self.world(|world| world.lag = wishes);
    }

    /// The next session that is created fails with these words, and runs after some looks.
    pub fn fail_next_for(&self, message: &str, looks: u32) {
        self.fail_next(message);
        self.world(|world| world.next_recovers = Some(looks));
    }

    /// An interactive launcher; its id.
    #[must_use]
    pub fn launcher(&self, project: &str, name: &str, image: &str) -> String {
        self.launcher_with(project, name, "interactive", json!({"container_image": image}))
    }

    /// A launcher with these keys in its environment; its id.
    #[must_use]
    pub fn launcher_with(
        &self,
        project: &str,
        name: &str,
        kind: &str,
        environment: Value,
    ) -> String {
        let mut asked = json!({
            "name": name, "project_id": project, "launcher_type": kind,
            "environment": {
                "environment_kind": "CUSTOM", "environment_image_source": "image", "name": name,
            },
            "env_variables": [{"name": "FOO", "value": "1"}],
        });
        for (key, value) in environment.as_object().unwrap() {
            asked["environment"][key] = value.clone();
        }
        id_of(&self.world(|world| data::launchers::add(world, &asked)))
    }

    /// Sets a key of a launcher (`resource_class_id`, `disk_storage`).
    pub fn set_launcher(&self, id: &str, key: &str, value: Value) {
        self.world(|world| {
            let launcher = world.launchers.iter_mut().find(|launcher| launcher.id == id);
            launcher.unwrap().shown[key] = value;
        });
    }

    /// The launchers there are, as the API shows them.
    #[must_use]
    pub fn launchers(&self) -> Vec<Value> {
        self.world(|world| world.launchers.iter().map(|one| one.shown.clone()).collect())
    }

    /// Replaces the resource pools, in the shape of the API without `matching`.
    pub fn pools(&self, pools: Value) {
        self.world(|world| world.pools = pools);
    }

    /// What `/sessions/images` says of an image.
    pub fn image(&self, image: &str, answer: Value) {
        self.world(|world| drop(world.images.insert(image.into(), answer)));
    }

    /// How fast sessions come and go.
    pub fn pace(&self, pace: Pace) {
        self.world(|world| world.pace = pace);
    }

    /// The next session that is created fails with these words.
    pub fn fail_next(&self, message: &str) {
        self.world(|world| world.next_failure = Some(message.into()));
    }

    /// A session that exists fails with these words.
    pub fn fail(&self, name: &str, message: &str) {
        self.phase(name, &Phase::Failed(message.into()));
    }

    /// A session hibernates by itself, as it does when nobody uses it.
    pub fn hibernate(&self, name: &str) {
        self.phase(name, &Phase::Hibernated);
    }

    /// A session begins to stop, as after a click in the browser.
    pub fn begin_stop(&self, name: &str) {
        self.phase(name, &Phase::Stopping);
    }

    /// Says something in the status of a running session.
    pub fn warn(&self, name: &str, message: &str) {
        self.world(|world| {
            let session = world.sessions.iter_mut().find(|session| session.name == name);
            session.unwrap().warning = Some(message.into());
        });
    }

    fn phase(&self, name: &str, phase: &Phase) {
        self.world(|world| {
            let session = world.sessions.iter_mut().find(|session| session.name == name).unwrap();
            session.phase = phase.clone();
            session.shown = 0;
        });
    }

    /// The names of all sessions, of everybody.
    #[must_use]
    pub fn sessions(&self) -> Vec<String> {
        self.world(|world| world.sessions.iter().map(|session| session.name.clone()).collect())
    }

    /// A session that a user has already, made as the browser makes it.
    #[must_use]
    pub fn session(&self, user: &str, launcher: &str) -> String {
        self.world(|world| {
            let name = data::sessions::open(world, user, launcher, json!({}));
            let session = world.sessions.iter_mut().find(|session| session.name == name).unwrap();
            session.phase = Phase::Running;
            name
        })
    }

    /// A job that a user has submitted.
    #[must_use]
    pub fn job(&self, user: &str, launcher: &str, submission: &str) -> String {
        let more = json!({"submission_id": submission});
        self.world(|world| data::sessions::open(world, user, launcher, more))
    }

    /// Nothing goes wrong any more.
    pub fn clear_faults(&self) {
        self.world(|world| world.faults.clear());
    }

    /// From now on, the next `times` requests of `method` (`*`: any) whose path
    /// contains `path` meet this fault.
    pub fn fault(&self, method: &str, path: &str, fault: Fault, times: u32) {
        let rule = Rule { method: method.into(), path: path.into(), fault, times };
        self.world(|world| world.faults.push(rule));
    }
}

fn id_of(value: &Value) -> String {
    value["id"].as_str().unwrap().to_owned()
}
