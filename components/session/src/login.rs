//! Programs that ask themselves who comes in, and take no token of ours.

/// Options of Jupyter that fix its token or password.
const TOKENS: [&str; 5] = [
    "--ServerApp.token",
    "--IdentityProvider.token",
    "--NotebookApp.token",
    "--PasswordIdentityProvider.hashed_password",
    "--ServerApp.password",
];

/// How to log in; none: with our token, or without anything.
pub(crate) fn of(words: &[&String]) -> Option<&'static str> {
    let all = || words.iter().flat_map(|word| word.split_whitespace());
    let fixed = all().any(|word| {
        word.split_once('=').is_some_and(|(option, value)| {
            TOKENS.contains(&option) && !value.trim_matches(['"', '\'']).is_empty()
        })
    });
    if fixed {
        return Some("with the token or password in the command of the image");
    }
    let program = |name: &str| all().any(|word| word.rsplit('/').next() == Some(name));
    if program("marimo") {
        return Some("the URL in `renku session logs` has the token of marimo");
    }
    if program("rserver") || words.first().is_some_and(|word| *word == "/init") {
        return Some("as `rstudio`, with the password in `PASSWORD` or in `renku session logs`");
    }
    program("code-server").then_some("with the password in `PASSWORD` or in its configuration file")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn login(line: &str) -> bool {
        let words: Vec<String> = line.split(' ').map(str::to_owned).collect();
        of(&words.iter().collect::<Vec<_>>()).is_some()
    }

    #[test]
    fn programs_with_a_login_of_their_own_are_known() {
        for line in [
            "jupyter lab --ServerApp.token=secret",
            "marimo edit --port 8080",
            "/usr/lib/rstudio-server/bin/rserver",
            "/init",
            "/usr/bin/code-server .",
        ] {
            assert!(login(line), "{line}");
        }
        for line in ["jupyter lab --ServerApp.token=", "jupyter lab", "httpd -f"] {
            assert!(!login(line), "{line}");
        }
    }
}
