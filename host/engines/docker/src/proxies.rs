//! The proxies of Docker's own settings, which its client hands to builds and containers.
//!
//! Format: `proxies` in `config.json`,
//! <https://docs.docker.com/engine/cli/proxy/>.

use std::collections::BTreeMap;

use serde::Deserialize;

/// The proxies for containers of the engine that `DOCKER_HOST` names, else of all.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Proxies {
    http_proxy: Option<String>,
    https_proxy: Option<String>,
    ftp_proxy: Option<String>,
    no_proxy: Option<String>,
    all_proxy: Option<String>,
}

impl Proxies {
    /// As variables, in both spellings.
    pub(crate) fn variables(&self) -> BTreeMap<String, String> {
        let Self { http_proxy, https_proxy, ftp_proxy, no_proxy, all_proxy } = self;
        let named = [
            ("HTTP_PROXY", http_proxy),
            ("HTTPS_PROXY", https_proxy),
            ("FTP_PROXY", ftp_proxy),
            ("NO_PROXY", no_proxy),
            ("ALL_PROXY", all_proxy),
        ];
        named
            .into_iter()
            .filter_map(|(name, value)| Some((name, value.as_ref().filter(|it| !it.is_empty())?)))
            .flat_map(|(name, value)| {
                [(name.to_owned(), value.clone()), (name.to_lowercase(), value.clone())]
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_program_finds_its_spelling() {
        let proxies: Proxies = serde_json::from_str(
            r#"{"httpProxy":"http://proxy.example.org:3128","noProxy":"localhost","httpsProxy":""}"#,
        )
        .expect("proxies");
        let variables: Vec<String> = proxies
            .variables()
            .into_iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        assert_eq!(
            variables,
            [
                "HTTP_PROXY=http://proxy.example.org:3128",
                "NO_PROXY=localhost",
                "http_proxy=http://proxy.example.org:3128",
                "no_proxy=localhost",
            ]
        );
    }
}
