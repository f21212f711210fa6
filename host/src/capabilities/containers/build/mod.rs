//! Builds the project into an image with the engine's classic builder.
//!
//! API: `POST /build`. `rm` and `forcerm` leave no containers of steps behind;
//! the engine ends a build whose client is gone.

mod context;
mod ignore;
mod steps;

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use std::time::Duration;

use bollard::body_try_stream;
use bollard::query_parameters::BuildImageOptions;
use futures_util::StreamExt;

use self::context::Context;
use self::ignore::IgnoreFile;
use self::steps::Steps;
use super::docker_config::DockerConfig;
use super::phase::Phase;
use super::reference::ImageReference;
use super::{Containers, ContainersError, engine_errors, labels};

/// A build has no limit; it can be interrupted.
const PATIENCE: Duration = Duration::from_secs(24 * 60 * 60);

impl Containers {
    /// Builds `image` from the directory `root`, honouring `.dockerignore`.
    /// `descriptor` is the Dockerfile's path relative to `root`; `labels` are
    /// put on the image, beside the project's own.
    ///
    /// # Errors
    ///
    /// [`ContainersError::DockerfileMissing`], `DockerfileOutside`,
    /// `IgnorePattern`, `ProjectUnreadable`; `BuildStep` with the last lines of
    /// the failing step, `BuildFailed`.
    pub async fn build(
        &self,
        root: &Path,
        descriptor: &str,
        image: &str,
        image_labels: &BTreeMap<String, String>,
    ) -> Result<(), ContainersError> {
        ImageReference::parse(image)?;
        let dockerfile = locate(root, descriptor)?;
        let ignore = IgnoreFile::read(root, &dockerfile)?;
        let docker = self.engine().await?.clone().with_timeout(PATIENCE);

        let mut labels: HashMap<String, String> = image_labels.clone().into_iter().collect();
        if let Some(project) = &self.0.scope.project {
            labels.insert(labels::PROJECT.to_owned(), project.id.clone());
        }
        let options = BuildImageOptions {
            dockerfile,
            t: Some(image.to_owned()),
            labels: Some(labels),
            rm: true,
            forcerm: true,
            ..BuildImageOptions::default()
        };
        let logins = DockerConfig::read(&self.0.settings).all_credentials().into_iter().collect();

        let phase = Phase::begin(&self.0.reporter, &format!("Building {image}"));
        let mut context = Context::send(root.to_owned(), ignore);
        let body = body_try_stream(context.stream());
        let mut answers = docker.build_image(options, Some(logins), Some(body));
        let mut steps = Steps::default();
        let mut failed = None;
        while let Some(answer) = answers.next().await {
            match answer {
                Ok(answer) => {
                    let text = answer.stream.or(answer.status).unwrap_or_default();
                    for line in steps.add(&text) {
                        if let Some((number, total)) = steps.position() {
                            phase.amount(number, total, "steps");
                        }
                        phase.note(&line);
                    }
                }
                Err(error) => {
                    failed = Some(error);
                    break;
                }
            }
        }
        drop(answers);
        // An unreadable file breaks the request: it is the better explanation.
        context.finish().await?;
        match failed {
            None => Ok(()),
            Some(error) => Err(steps.failure(image, engine_errors::message(&error))),
        }
    }
}

/// The Dockerfile's path relative to `root`, in the form the engine takes:
/// without `.` and `..`, with slashes.
fn locate(root: &Path, descriptor: &str) -> Result<String, ContainersError> {
    use std::path::Component;
    let outside = || ContainersError::DockerfileOutside { descriptor: descriptor.to_owned() };
    let missing = || ContainersError::DockerfileMissing { descriptor: descriptor.to_owned() };
    let mut relative = PathBuf::new();
    for component in Path::new(descriptor).components() {
        match component {
            Component::Normal(part) => relative.push(part),
            Component::CurDir => {}
            Component::ParentDir => {
                if !relative.pop() {
                    return Err(outside());
                }
            }
            Component::RootDir | Component::Prefix(_) => return Err(outside()),
        }
    }
    let real = root.join(&relative).canonicalize().map_err(|_| missing())?;
    let real_root = root.canonicalize().map_err(|_| missing())?;
    if !real.starts_with(&real_root) {
        return Err(outside());
    }
    if !real.is_file() {
        return Err(missing());
    }
    relative.to_str().map(str::to_owned).ok_or_else(missing)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dockerfile_is_found_inside_the_project_only() {
        let parent = tempfile::tempdir().expect("tempdir");
        let root = parent.path().join("project");
        std::fs::create_dir_all(root.join("docker")).expect("mkdir");
        std::fs::write(root.join("docker/Dockerfile"), "FROM scratch\n").expect("write");
        std::fs::write(parent.path().join("Dockerfile"), "FROM scratch\n").expect("write");
        std::os::unix::fs::symlink("../Dockerfile", root.join("link")).expect("symlink");

        let find = |descriptor: &str| locate(&root, descriptor).map_err(|error| error.to_string());
        assert_eq!(find("docker/Dockerfile").as_deref(), Ok("docker/Dockerfile"));
        assert_eq!(find("./docker/../docker/Dockerfile").as_deref(), Ok("docker/Dockerfile"));
        let outside = |path: &str| Err(format!("the Dockerfile `{path}` is outside the project"));
        assert_eq!(find("../Dockerfile"), outside("../Dockerfile"));
        assert_eq!(find("/etc/passwd"), outside("/etc/passwd"));
        assert_eq!(find("link"), outside("link"));
        let missing = |path: &str| Err(format!("there is no Dockerfile `{path}` in the project"));
        assert_eq!(find("Dockerfile"), missing("Dockerfile"));
        assert_eq!(find("docker"), missing("docker"));
    }
}
