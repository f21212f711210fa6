//! The room as an editor or a script uses it: a library, with nobody to ask.

mod engine;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Arc, Mutex};

use tempfile::TempDir;

use crate::contract::LogSink;
use crate::domain::changes::{Change, DryRun};
use crate::domain::{Asker, ErrorKind, ProviderError, SessionStatus, Silent};
use crate::sandbox::Cancel;
use crate::{
    Changes, Context, ImageWish, LogPart, Nobody, Providers, Scope, Setting, Start, StartOptions,
    StartPlan, Started, Unnoticed, Which, WouldChange,
};
use engine::{ContainerList, IMAGE};

/// A project without changes, and the folders of a user.
struct Home(TempDir);

impl Home {
    fn new() -> Self {
        let home = Self(tempfile::tempdir().unwrap());
        std::fs::create_dir(home.project()).unwrap();
        git(&home.project(), &["init", "--quiet", "--initial-branch", "main"]);
        let author = ["-c", "user.name=Ada", "-c", "user.email=ada@example.org"];
        let commit = ["commit", "--quiet", "--allow-empty", "--message", "Begin"];
        git(&home.project(), &[author.as_slice(), &commit].concat());
        home
    }

    fn project(&self) -> PathBuf {
        self.0.path().join("analysis")
    }

    fn context(&self, engine: &ContainerList, changes: Changes) -> Context {
        Context::new(Setting {
            engines: Arc::new(engine.clone()),
            directory: Some(self.project()),
            configuration: self.0.path().join("configuration"),
            cache: Some(self.0.path().join("cache")),
            reporter: Arc::new(Silent),
            notices: Arc::new(Unnoticed),
            confirmer: Arc::new(Nobody),
            asker: Arc::new(NoAnswer),
            changes,
            locked: false,
            offline: true,
            verbose: false,
            cancel: Cancel::default(),
        })
    }
}

fn git(folder: &Path, arguments: &[&str]) {
    let mut git = Command::new("git");
    let git = git.current_dir(folder).args(arguments).env("GIT_CONFIG_GLOBAL", "/dev/null");
    assert!(git.status().unwrap().success());
}

/// Providers get no answers either.
struct NoAnswer;

impl Asker for NoAnswer {
    fn confirm(&self, _: &str, _: &str, _: &str) -> Result<bool, ProviderError> {
        Err(ProviderError::new(ErrorKind::InvalidInput, "nobody is here"))
    }

    fn ask(&self, _: &str, _: &str, _: &str, _: bool) -> Result<String, ProviderError> {
        Err(ProviderError::new(ErrorKind::InvalidInput, "nobody is here"))
    }
}

/// A log in memory.
#[derive(Default)]
struct Lines(Mutex<Vec<u8>>);

impl LogSink for Lines {
    fn write(&self, bytes: &[u8]) -> Result<(), ProviderError> {
        self.0.lock().unwrap().extend(bytes);
        Ok(())
    }
}

fn docker() -> Scope {
    Scope { provider: Some("docker".into()), ..Scope::default() }
}

/// A plan for a session with this name.
fn plan(context: &Context, name: &str) -> StartPlan {
    let file = context.catalogue().find("docker").unwrap();
    let image = ImageWish { image: Some(IMAGE.into()), ..ImageWish::default() };
    let options = StartOptions { image, name: Some(name.into()), ..StartOptions::new(file) };
    StartPlan::of(context, options).unwrap()
}

async fn started(context: &Context, name: &str) -> Started {
    match crate::start(context, plan(context, name)).await.unwrap() {
        Start::Started(started) => *started,
        Start::WouldChange(_) => panic!("this was no dry run"),
    }
}

async fn listed(context: &Context) -> Vec<(String, SessionStatus)> {
    let providers = Providers::of(context, &docker()).unwrap();
    let listing = providers.list(context).await.unwrap();
    assert!(providers.remarks(&listing).is_empty());
    listing.sessions().into_iter().map(|it| (it.name, it.status)).collect()
}

#[tokio::test]
async fn a_session_is_started_listed_paused_opened_and_stopped() {
    let (home, engine) = (Home::new(), ContainerList::default());
    let context = home.context(&engine, Changes::Made);

    let Started { session, location, option } = started(&context, "analysis-1").await;
    assert_eq!((session.name.as_str(), session.status), ("analysis-1", SessionStatus::Running));
    assert_eq!(session.project.as_deref(), Some("analysis"));
    let url = session.url.unwrap();
    let (address, token) = url.split_once("?token=").unwrap();
    assert_eq!((address, token.len()), ("http://127.0.0.1:48888/lab", 48));
    assert_eq!(
        (location.is_tunnelled(), location.advice(&url, "open"), option.as_str()),
        (false, None, "")
    );
    assert_eq!(listed(&context).await, [("analysis-1".to_owned(), SessionStatus::Running)]);

    let paused = crate::pause(&context, &docker(), None).await.unwrap();
    assert_eq!((paused.status, paused.url), (SessionStatus::Paused, None));
    let resumed = crate::resume(&context, &docker(), Some("analysis-1")).await.unwrap();
    assert_eq!(resumed.url.as_ref(), Some(&url));
    let opened = crate::open(&context, &docker(), Some("docker/analysis-1")).await.unwrap();
    assert_eq!(opened.url, url);

    let log = Arc::new(Lines::default());
    let sink = Arc::<Lines>::clone(&log);
    crate::logs(&context, &docker(), None, LogPart::default(), sink).await.unwrap();
    assert_eq!(*log.0.lock().unwrap(), b"the log of analysis-1\n");

    let stopped = crate::stop(&context, &docker(), Which::Only).await.unwrap();
    assert!(stopped.failure.is_none() && stopped.warnings.is_empty());
    assert_eq!(stopped.sessions.len(), 1);
    assert_eq!(listed(&context).await, []);
    assert_eq!(engine.names(), Vec::<String>::new());
}

#[tokio::test]
async fn a_dry_run_gives_what_would_change_and_starts_nothing() {
    let (home, engine) = (Home::new(), ContainerList::default());
    let context = home.context(&engine, Changes::WrittenDown(Arc::new(DryRun::default())));
    let start = crate::start(&context, plan(&context, "analysis-1")).await.unwrap();
    let Start::WouldChange(WouldChange { changes, unknown }) = start else {
        panic!("something was started");
    };
    assert_eq!(unknown, None);
    assert!(matches!(changes.as_slice(), [Change::Start { name, .. }] if name == "analysis-1"));
    assert_eq!(engine.names(), Vec::<String>::new());
}

#[tokio::test]
async fn where_one_of_two_sessions_is_meant_nothing_is_stopped() {
    let (home, engine) = (Home::new(), ContainerList::default());
    let context = home.context(&engine, Changes::Made);
    started(&context, "a").await;
    started(&context, "b").await;
    let failure = crate::stop(&context, &docker(), Which::Only).await.err().unwrap();
    assert_eq!(failure.0.to_string(), "this project has 2 sessions: which one?");
    assert_eq!(failure.0.hint().as_deref(), Some("name one of `a`, `b`"));
    assert_eq!(engine.names(), ["a", "b"]);
}
