//! One user with one project, who has nothing but what was made here.

use std::path::PathBuf;

use support::{Context, Project, Renku, Run, httpd_image};

/// A home, folders for the cache and for temporary files, and a project.
pub struct Ground<'a> {
    context: &'a Context,
    pub project: Project<'a>,
    /// The value of `DOCKER_HOST` of a proxy before the engine.
    engine: Option<String>,
}

impl<'a> Ground<'a> {
    /// With the folders, empty.
    pub fn new(context: &'a Context) -> Self {
        let project = context.project("analysis");
        project.write("Dockerfile", &format!("FROM {}\nRUN true\n", httpd_image())).commit();
        let ground = Self { context, project, engine: None };
        for folder in [ground.temporary(), ground.cache()] {
            std::fs::create_dir_all(folder).unwrap();
        }
        ground
    }

    /// With a proxy before the engine.
    pub fn behind(mut self, engine: String) -> Self {
        self.engine = Some(engine);
        self
    }

    /// The engine, when it is not this machine's own.
    pub fn address(&self) -> Option<String> {
        let all = self.context.engine().environment();
        all.into_iter().find_map(|(name, value)| (name == "DOCKER_HOST").then_some(value))
    }

    /// Where temporary files go.
    pub fn temporary(&self) -> PathBuf {
        self.context.folder().join("temporary")
    }

    /// Where compiled code goes.
    pub fn cache(&self) -> PathBuf {
        self.context.folder().join("cache")
    }

    pub fn home(&self) -> PathBuf {
        self.context.home()
    }

    /// The one who types.
    pub fn context(&self) -> &'a Context {
        self.context
    }

    /// A command line.
    pub fn renku(&self, arguments: &[&str]) -> Renku<'a> {
        self.with_folders(self.project.renku(arguments))
    }

    /// A line of `sh`.
    pub fn shell(&self, line: &str) -> Renku<'a> {
        self.with_folders(self.project.shell(line))
    }

    fn with_folders(&self, renku: Renku<'a>) -> Renku<'a> {
        let renku = renku.env("TMPDIR", self.temporary()).env("RENKU_CACHE_DIR", self.cache());
        match &self.engine {
            Some(engine) => renku.env("DOCKER_HOST", engine),
            None => renku,
        }
    }

    /// Runs a command, to its end.
    pub fn run(&self, arguments: &[&str]) -> Run {
        self.renku(arguments).run()
    }
}
