//! What the engine's builder keeps for the next build, which is why the layers of
//! an image can outlive it.
//!
//! API: `GET /system/df`. bollard's type has the fields of API 1.52 alone, so it is
//! read here, in both forms.

use std::time::Duration;

use hyper::{Request, StatusCode};
use serde::Deserialize;

use crate::connect::Engine;
use crate::exchange;

/// Engines before API 1.42 measure all volumes, too, which may take long.
const PATIENCE: Duration = Duration::from_secs(10);

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Usage {
    /// Before API 1.52.
    build_cache: Option<Vec<Record>>,
    build_cache_usage: Option<Total>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Record {
    #[serde(default)]
    size: u64,
    #[serde(default)]
    in_use: bool,
    /// Whether images hold it as well.
    #[serde(default)]
    shared: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Total {
    #[serde(default)]
    reclaimable: u64,
}

/// How many bytes would be free if the builder kept nothing; none when the
/// engine has no such builder, or does not say in time.
pub(crate) async fn of(engine: &Engine) -> Option<u64> {
    let asked = async {
        let request = Request::get("/system/df?type=build-cache")
            .header("host", exchange::HOST)
            .body(exchange::nothing())
            .ok()?;
        let connection = engine.address.dial().await.ok()?;
        let answer = exchange::send(connection, request, StatusCode::OK).await.ok()?;
        exchange::document(answer.into_body()).await.ok()
    };
    kept(&tokio::time::timeout(PATIENCE, asked).await.ok()??)
}

fn kept(answer: &[u8]) -> Option<u64> {
    let usage: Usage = serde_json::from_slice(answer).ok()?;
    if let Some(total) = usage.build_cache_usage {
        return Some(total.reclaimable);
    }
    let records = usage.build_cache?;
    Some(records.iter().filter(|it| !it.in_use && !it.shared).map(|it| it.size).sum())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_builder_alone_holds_is_counted() {
        let old = br#"{"LayersSize":7,"BuildCache":[{"Size":5,"InUse":false,"Shared":false},
            {"Size":11,"InUse":true},{"Size":13,"Shared":true},{"Size":2}]}"#;
        assert_eq!(kept(old), Some(7));
        let new = br#"{"BuildCacheUsage":{"TotalSize":9,"Reclaimable":4}}"#;
        assert_eq!(kept(new), Some(4));
        // Podman has no builder that keeps anything.
        assert_eq!(kept(br#"{"BuildCache":null}"#), None);
        assert_eq!(kept(b"page not found"), None);
    }
}
