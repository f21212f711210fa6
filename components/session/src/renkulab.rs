//! Images that RenkuLab's buildpacks make: their program reads in variables where it is to
//! be, instead of in a command line.

use renku_session_sdk::containers::ImageConfig;

/// A label of every image that buildpacks made.
const LABEL: &str = "io.buildpacks.build.metadata";
/// What starts in such an image, whatever it is.
const LAUNCHERS: [&str; 2] = ["/cnb/process/", "/cnb/lifecycle/launcher"];
const PORT: u16 = 8888;

/// The port of an image of this kind; none: it is another one.
pub(crate) fn port(image: &ImageConfig) -> Option<u16> {
    let starts =
        image.entrypoint().iter().any(|word| LAUNCHERS.iter().any(|it| word.starts_with(it)));
    (starts || image.label(LABEL).is_some()).then_some(PORT)
}

/// The variables that put it where a session is expected, with the project where it looks.
pub(crate) fn environment(port: u16, base_url: &str, mount: &str) -> Vec<(String, String)> {
    [
        ("RENKU_SESSION_IP", "0.0.0.0".to_owned()),
        ("RENKU_SESSION_PORT", port.to_string()),
        ("RENKU_BASE_URL_PATH", format!("{base_url}/")),
        ("RENKU_MOUNT_DIR", mount.to_owned()),
        ("RENKU_WORKING_DIR", mount.to_owned()),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_project_is_where_the_program_looks() {
        let variables = environment(8888, "/x", "/workspace/work/a");
        let lines: Vec<String> =
            variables.into_iter().map(|(name, value)| format!("{name}={value}")).collect();
        assert_eq!(
            lines,
            [
                "RENKU_SESSION_IP=0.0.0.0",
                "RENKU_SESSION_PORT=8888",
                "RENKU_BASE_URL_PATH=/x/",
                "RENKU_MOUNT_DIR=/workspace/work/a",
                "RENKU_WORKING_DIR=/workspace/work/a",
            ]
        );
    }
}
