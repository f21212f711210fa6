//! Everything the server knows.

use std::collections::HashMap;
use std::time::{Duration, Instant, SystemTime};

use serde_json::{Value, json};

use super::fault::Rule;
use super::ids;

/// The state behind the API. One lock guards all of it.
pub(super) struct World {
    /// Where it is reached: scheme, host and port.
    pub(super) base: String,
    /// What `/version` says; none: Renku is older than that page.
    pub(super) version: Option<String>,
    /// Whether the notebooks service of Renku ≤ 2.13 answers.
    pub(super) legacy: bool,
    pub(super) users: Vec<User>,
    pub(super) access: HashMap<String, Access>,
    pub(super) refresh: HashMap<String, String>,
    pub(super) devices: HashMap<String, Device>,
    /// Every token and code ever handed out.
    pub(super) secrets: Vec<String>,
    pub(super) lifetime: Duration,
    /// Seconds between two questions of a device; a client that asks more often
    /// has to slow down.
    pub(super) interval: u64,
    /// Whether a user agrees to a login before the first question.
    pub(super) consent: Consent,
    pub(super) groups: Vec<Group>,
    pub(super) projects: Vec<Project>,
    pub(super) launchers: Vec<Launcher>,
    pub(super) connectors: Vec<Connector>,
    pub(super) slots: Vec<Slot>,
    /// The newest first.
    pub(super) builds: Vec<Build>,
    /// Whether builds that begin now fail.
    pub(super) builds_fail: bool,
    /// Services that the user has connected an account of.
    pub(super) connections: Vec<String>,
    pub(super) pools: Value,
    /// What `/sessions/images` says of an image; others are accessible.
    pub(super) images: HashMap<String, Value>,
    pub(super) sessions: Vec<Session>,
    pub(super) pace: Pace,
    /// How the next session that is created ends.
    pub(super) next_failure: Option<String>,
    /// After how many looks it recovers from that.
    pub(super) next_recovers: Option<u32>,
    /// How many wishes for another state are forgotten after one that was taken.
    pub(super) lag: u32,
    pub(super) faults: Vec<Rule>,
}

/// Somebody with an account.
#[derive(Clone)]
pub(super) struct User {
    pub(super) id: String,
    pub(super) username: String,
    pub(super) first_name: String,
    pub(super) last_name: String,
}

/// A bearer token: whose, and how long.
pub(super) struct Access {
    pub(super) user: String,
    pub(super) expires: SystemTime,
}

/// A login of a device that waits for its user.
pub(super) struct Device {
    pub(super) user_code: String,
    pub(super) expires: Instant,
    pub(super) asked: Option<Instant>,
    pub(super) consent: Consent,
}

/// What a user says to a login.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Consent {
    Pending,
    Given,
    Refused,
}

pub(super) struct Project {
    pub(super) owner: String,
    pub(super) public: bool,
    /// As the API shows it.
    pub(super) shown: Value,
}

pub(super) struct Launcher {
    pub(super) id: String,
    pub(super) project: String,
    pub(super) interactive: bool,
    /// As the API shows it.
    pub(super) shown: Value,
}

/// People who share projects.
pub(super) struct Group {
    /// Ids of users, each with a role.
    pub(super) members: Vec<(String, String)>,
    /// As the API shows it.
    pub(super) shown: Value,
}

/// A place of data that a project is linked to.
pub(super) struct Connector {
    pub(super) id: String,
    pub(super) project: String,
    /// The only user who may see it.
    pub(super) private_to: Option<String>,
    /// As the API shows it.
    pub(super) shown: Value,
    pub(super) saved: Vec<Saved>,
}

/// A credential that somebody saved.
pub(super) struct Saved {
    pub(super) user: String,
    pub(super) name: String,
    pub(super) id: String,
}

/// A secret that a project wants of its users.
pub(super) struct Slot {
    pub(super) id: String,
    pub(super) project: String,
    /// As the API shows it.
    pub(super) shown: Value,
    /// Who has given one, and its id.
    pub(super) values: Vec<(String, String)>,
}

/// An image that is made from a repository.
pub(super) struct Build {
    pub(super) id: String,
    /// How often it was looked at.
    pub(super) looks: u32,
    pub(super) fails: bool,
    /// As the API shows it.
    pub(super) shown: Value,
}

/// How often a state is seen before the next one comes: tests that wait for
/// time to pass would be slow or wrong.
#[derive(Debug, Clone, Copy)]
pub struct Pace {
    /// How many answers say `starting`.
    pub starting: u32,
    /// How many answers say `stopping`.
    pub stopping: u32,
}

/// Where a session is in its life.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Phase {
    Starting,
    Running,
    /// Hibernated, and its containers are still going away.
    Hibernating,
    Hibernated,
    Stopping,
    Failed(String),
    Succeeded,
}

pub(super) struct Session {
    pub(super) name: String,
    pub(super) user: String,
    pub(super) project: String,
    pub(super) launcher: String,
    pub(super) image: String,
    pub(super) default_url: String,
    pub(super) class: u64,
    pub(super) storage: u64,
    /// None for an interactive one.
    pub(super) submission: Option<String>,
    pub(super) arguments: Vec<Value>,
    pub(super) containers: u32,
    pub(super) started: String,
    pub(super) interaction: Option<String>,
    pub(super) phase: Phase,
    /// How often this phase was shown.
    pub(super) shown: u32,
    /// What it fails with instead of running.
    pub(super) fate: Option<String>,
    /// After how many looks it runs although it has failed.
    pub(super) recovers: Option<u32>,
    /// How many wishes for another state are forgotten from now on.
    pub(super) lags: u32,
    /// What it says while it runs.
    pub(super) warning: Option<String>,
}

impl World {
    pub(super) fn new(base: String) -> Self {
        let user = |id: &str, username: &str, first: &str, last: &str| User {
            id: id.into(),
            username: username.into(),
            first_name: first.into(),
            last_name: last.into(),
        };
        Self {
            base,
            version: Some("0.80.1".into()),
            legacy: false,
            users: vec![
                user("user1", "jane.doe", "Jane", "Doe"),
                user("user2", "john.roe", "John", "Roe"),
            ],
            access: HashMap::new(),
            refresh: HashMap::new(),
            devices: HashMap::new(),
            secrets: Vec::new(),
            lifetime: Duration::from_secs(86_400),
            interval: 1,
            consent: Consent::Pending,
            groups: Vec::new(),
            projects: Vec::new(),
            launchers: Vec::new(),
            connectors: Vec::new(),
            slots: Vec::new(),
            builds: Vec::new(),
            builds_fail: false,
            connections: Vec::new(),
            pools: usual_pools(),
            images: HashMap::new(),
            sessions: Vec::new(),
            pace: Pace { starting: 1, stopping: 1 },
            next_failure: None,
            next_recovers: None,
            lag: 0,
            faults: Vec::new(),
        }
    }

    pub(super) fn user(&self, id: &str) -> Option<&User> {
        self.users.iter().find(|user| user.id == id)
    }

    /// The class of this id, and its pool.
    pub(super) fn class(&self, id: u64) -> Option<(&Value, &Value)> {
        self.pools.as_array()?.iter().find_map(|pool| {
            let classes = pool["classes"].as_array()?;
            Some((classes.iter().find(|class| class["id"] == id)?, pool))
        })
    }

    /// The class that is used when nobody names one.
    pub(super) fn default_class(&self) -> u64 {
        let default = |values: &Value| {
            let values = values.as_array().unwrap();
            values.iter().find(|value| value["default"] == true).unwrap().clone()
        };
        default(&default(&self.pools)["classes"])["id"].as_u64().unwrap()
    }

    pub(super) fn secret(&mut self, secret: String) -> String {
        self.secrets.push(secret.clone());
        secret
    }

    /// Adds a project and gives its id.
    pub(super) fn add_project(&mut self, owner: &str, public: bool, mut asked: Value) -> Value {
        let namespace = asked["namespace"].as_str().unwrap_or_default().to_owned();
        let now = ids::time(0);
        let id = ids::ulid();
        let shown = json!({
            "id": id,
            "name": asked["name"],
            "namespace": namespace,
            "slug": asked["slug"],
            "creation_date": now,
            "created_by": owner,
            "updated_at": now.replace('Z', ".337354Z"),
            "repositories": asked["repositories"].take(),
            "visibility": if public { "public" } else { "private" },
            "etag": format!("\"{}\"", ids::digest(&id, 32).to_uppercase()),
            "keywords": [],
            "is_template": false,
            "secrets_mount_directory": "/secrets",
        });
        self.projects.push(Project { owner: owner.into(), public, shown: shown.clone() });
        shown
    }
}

/// One pool with three classes.
fn usual_pools() -> Value {
    let class = |id: u64, name: &str, default: bool, cpu: f64, memory: u64| {
        json!({
            "name": name, "default": default, "cpu": cpu, "memory": memory, "gpu": 0,
            "max_storage": 20, "default_storage": 1, "tolerations": [], "node_affinities": [],
            "id": id, "quota_enforced": false,
        })
    };
    json!([{
        "classes": [
            class(1, "small", true, 0.5, 1),
            class(2, "medium", false, 0.75, 1),
            class(3, "large", false, 1.0, 2),
        ],
        "name": "default", "id": 1, "public": true, "default": true, "platform": "linux/amd64",
    }])
}
