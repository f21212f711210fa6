//! `cargo xtask image`: the container images that the demo, the tests and the
//! benchmarks start from. They are real ones, also where no registry can be reached.
//!
//! | image | what it is |
//! |---|---|
//! | `renku-test/jupyterlab` | JupyterLab 4 with a Python kernel, as its image's own command |
//! | `renku-test/python` | the same, but its command is a bare `python3` |
//! | `renku-test/httpd` | a shell and a web server that is not Jupyter, 2 MB |

mod derived;
mod httpd;
mod jupyterlab;
mod registry;
mod rootfs;

use anyhow::{Context as _, Result};
use xtask_common::{in_target, sha256, shell};

use crate::engine::{self, JUPYTER_IMAGE};

/// An image whose command is a bare interpreter.
const PYTHON_IMAGE: &str = "renku-test/python:latest";
/// An image with a web server that is not Jupyter.
pub(crate) const HTTPD_IMAGE: &str = "renku-test/httpd:latest";

/// The label that says by which recipe an image was made.
const RECIPE_LABEL: &str = "io.renku.test-image.recipe";
/// What the images are made from: when it changes, they are made anew.
const RECIPE_SOURCES: [&str; 4] = [
    include_str!("derived.rs"),
    include_str!("httpd.rs"),
    include_str!("jupyterlab.rs"),
    include_str!("rootfs.rs"),
];

/// Makes the images that the engine does not have, by the recipe of today.
///
/// # Errors
///
/// When one cannot be made.
pub(crate) fn ensure() -> Result<()> {
    make(false, &[JUPYTER_IMAGE, PYTHON_IMAGE, HTTPD_IMAGE])
}

/// Makes the image with JupyterLab alone, if the engine does not have it.
///
/// # Errors
///
/// When it cannot be made.
pub(crate) fn jupyterlab() -> Result<()> {
    make(false, &[JUPYTER_IMAGE])
}

/// `cargo xtask image`: as [`ensure`], with an engine; `force` makes all of them anew.
///
/// # Errors
///
/// When there is no engine, or an image cannot be made.
pub(crate) fn run(force: bool) -> Result<()> {
    engine::ensure()?;
    make(force, &[JUPYTER_IMAGE, PYTHON_IMAGE, HTTPD_IMAGE])
}

/// Whether the image with JupyterLab will be made of packages, for which pip is needed.
/// `engine` is whether one answers.
///
/// # Errors
///
/// When the engine does not say which images it has.
pub(crate) fn needs_pip(engine: bool) -> Result<bool> {
    let there = engine && present(&recipe())?.iter().any(|name| name == JUPYTER_IMAGE);
    Ok(!there && !jupyterlab::can_be_pulled())
}

fn make(force: bool, images: &[&str]) -> Result<()> {
    let recipe = recipe();
    let present = if force { Vec::new() } else { present(&recipe)? };
    let missing = |image| images.contains(&image) && !present.iter().any(|name| name == image);
    let work = in_target("xtask")?;
    std::fs::create_dir_all(&work)
        .with_context(|| format!("`{}` cannot be created", work.display()))?;
    let label = format!("{RECIPE_LABEL}={recipe}");
    if missing(JUPYTER_IMAGE) {
        replace(JUPYTER_IMAGE, || jupyterlab::make(JUPYTER_IMAGE, &label, &work))?;
    }
    // Shares the layers of the one above, so it follows it.
    let follows = missing(JUPYTER_IMAGE) && images.contains(&PYTHON_IMAGE);
    if follows || missing(PYTHON_IMAGE) {
        replace(PYTHON_IMAGE, || derived::bare_python(PYTHON_IMAGE, JUPYTER_IMAGE, &label))?;
    }
    if missing(HTTPD_IMAGE) {
        replace(HTTPD_IMAGE, || httpd::make(HTTPD_IMAGE, &label, &work))?;
    }
    shell::say(&format!("images: {}", images.join(", ")));
    Ok(())
}

/// Makes an image and removes the one that had its name, if that was made here and
/// nothing uses it.
fn replace(image: &str, make: impl FnOnce() -> Result<()>) -> Result<()> {
    let started = std::time::Instant::now();
    let earlier = id_if_ours(image);
    make().with_context(|| format!("image `{image}`"))?;
    if let Some(earlier) = earlier.filter(|earlier| id_if_ours(image).as_ref() != Some(earlier)) {
        // Without force: the engine refuses where a container or an image stands on it.
        shell::succeeds(engine::docker().args(["image", "rm", &earlier]));
    }
    shell::say(&format!("made {image} in {:.1} s", started.elapsed().as_secs_f64()));
    Ok(())
}

/// The id of an image that was made by a recipe of this file.
fn id_if_ours(image: &str) -> Option<String> {
    let format = format!("{{{{.Id}}}} {{{{index .Config.Labels \"{RECIPE_LABEL}\"}}}}");
    let mut command = engine::docker();
    let found =
        shell::output(command.args(["image", "inspect", "--format", &format, image])).ok()?;
    let (id, recipe) = found.trim().split_once(' ')?;
    (!recipe.is_empty() && recipe != "<no value>").then(|| id.to_owned())
}

/// The names of the images in the engine that were made by `recipe`.
fn present(recipe: &str) -> Result<Vec<String>> {
    let filter = format!("label={RECIPE_LABEL}={recipe}");
    let format = "{{.Repository}}:{{.Tag}}";
    let mut command = engine::docker();
    let names =
        shell::output(command.args(["image", "ls", "--filter", &filter, "--format", format]))?;
    Ok(names.lines().map(str::to_owned).collect())
}

/// Twelve hexadecimal digits of the SHA-256 of the recipe.
fn recipe() -> String {
    let mut digest = sha256(RECIPE_SOURCES.concat().as_bytes());
    digest.truncate(12);
    digest
}
