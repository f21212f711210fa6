//! What every test of this part stands on: a RenkuLab with one project and one
//! launcher, and that project here, pushed.

use std::path::PathBuf;

use support::renkulab::{IMAGE, RenkuLab};
use support::{Context, Project, Renku, Run};

/// Where the project's repository is, as the project here and RenkuLab know it.
pub(super) const REPOSITORY: &str = "https://git.example.org/jane.doe/demo";

/// A RenkuLab, and a home to use it from.
pub(super) struct Ground {
    pub(super) context: Context,
    pub(super) lab: RenkuLab,
    /// The id of the project `jane.doe/demo`.
    pub(super) project_id: String,
    /// The id of its launcher `Python`.
    pub(super) launcher: String,
}

impl Ground {
    pub(super) fn new() -> Self {
        Self::on(RenkuLab::start())
    }

    pub(super) fn on(lab: RenkuLab) -> Self {
        Self::with(Context::in_memory(), lab)
    }

    /// The same on a computer where no container engine answers.
    pub(super) fn without_engine() -> Self {
        Self::with(Context::without_engine(), RenkuLab::start())
    }

    fn with(context: Context, lab: RenkuLab) -> Self {
        let project_id = lab.project("jane.doe/demo", &[REPOSITORY]);
        let launcher = lab.launcher(&project_id, "Python", IMAGE);
        Self { context, lab, project_id, launcher }
    }

    /// The project here, without a Dockerfile, bound to the one there.
    pub(super) fn bound(&self) -> Project<'_> {
        let project = self.unbound();
        let binding = format!(
            "version = 1\nrenku_url = \"{}\"\n[project]\nid = \"{}\"\nnamespace = \"jane.doe\"\nslug = \"demo\"\n",
            self.lab.url(),
            self.project_id
        );
        project.write(".renku/config.toml", &binding).commit();
        project.git(&["push", "-q"]);
        project
    }

    /// The same, with its git remote alone to tell what it is.
    pub(super) fn unbound(&self) -> Project<'_> {
        let project = self.context.project("demo");
        std::fs::remove_file(project.root().join("Dockerfile")).unwrap();
        project.commit();
        let bare = self.bare();
        project.git(&["init", "-q", "--bare", "-b", "main", &bare.display().to_string()]);
        project.git(&["remote", "add", "origin", &format!("{REPOSITORY}.git")]);
        self.stands_for(&project, &bare.display().to_string(), &format!("{REPOSITORY}.git"));
        project.git(&["push", "-q", "-u", "origin", "main"]);
        // As in a clone: git notes which branch the remote begins with.
        project.git(&["remote", "set-head", "origin", "main"]);
        project
    }

    /// Whoever asks for `address` asks the repository at `place`. The project's own
    /// setting is for the git of the tests; `renku` goes by that of its user.
    pub(super) fn stands_for(&self, project: &Project<'_>, place: &str, address: &str) {
        project.git(&["config", &format!("url.{place}.insteadOf"), address]);
        let file = self.context.home().join(".gitconfig");
        let before = std::fs::read_to_string(&file).unwrap_or_default();
        let text = format!("{before}[url \"{place}\"]\n\tinsteadOf = {address}\n");
        std::fs::write(file, text).unwrap();
    }

    /// The server's copy of the repository.
    pub(super) fn bare(&self) -> PathBuf {
        self.context.folder().join("remote.git")
    }

    /// A colleague pushes a commit to the server's copy; the commit.
    pub(super) fn somebody_pushes(&self, project: &Project<'_>) -> String {
        let bare = self.bare().display().to_string();
        let there = |arguments: &[&str]| project.git(&[&["--git-dir", &bare], arguments].concat());
        let commit = there(&["commit-tree", "-p", "main", "-m", "theirs", "main^{tree}"]);
        there(&["update-ref", "refs/heads/main", &commit]);
        commit
    }

    /// `renku session …` with a token in the environment, and no engine here.
    pub(super) fn command<'a>(&'a self, project: &Project<'a>, arguments: &[&str]) -> Renku<'a> {
        self.without_login(project, arguments).env("RENKU_CLI_ACCESS_TOKEN", self.lab.token())
    }

    /// The same with this RenkuLab, and nobody logged in to it.
    pub(super) fn without_login<'a>(
        &'a self,
        project: &Project<'a>,
        arguments: &[&str],
    ) -> Renku<'a> {
        let mut all = vec!["session"];
        all.extend(arguments);
        project
            .renku(&all)
            .env("RENKU_CLI_RENKU_URL", self.lab.url())
            .env("DOCKER_HOST", "unix:///nowhere/docker.sock")
    }

    #[track_caller]
    pub(super) fn session<'a>(&'a self, project: &Project<'a>, arguments: &[&str]) -> Run {
        let run = self.command(project, arguments).run();
        self.keeps_secrets(&run);
        run
    }

    /// Whatever was printed holds no token.
    #[track_caller]
    pub(super) fn keeps_secrets(&self, run: &Run) {
        for secret in self.lab.secrets() {
            assert!(!run.stdout.contains(&secret), "a secret is in standard output");
            assert!(!run.stderr.contains(&secret), "a secret is in standard error");
            // Nor the part that lets somebody in.
            let signature = secret.rsplit('.').next().unwrap();
            assert!(!run.stderr.contains(signature), "a part of a secret is in standard error");
        }
    }

    /// What `renku session …` prints, with its exit status.
    #[track_caller]
    pub(super) fn printed<'a>(&'a self, project: &Project<'a>, arguments: &[&str]) -> String {
        self.session(project, arguments).snapshot()
    }
}
