//! `/api/notebooks`, which Renku ≤ 2.13 had. A current deployment sends it to
//! the data services, which know no such thing.

use serde_json::json;

use super::wire::{Request, Response};
use super::world::World;

/// Answers what is below `/api/notebooks`; none for anything else.
pub(super) fn answer(world: &World, request: &Request) -> Option<Response> {
    let path = request.path.strip_prefix("/api/notebooks")?;
    if !world.legacy {
        return Some(super::data::no_such_url(&format!("/api/data/notebooks{path}")));
    }
    Some(match path {
        "/version" => Response::json(
            200,
            &json!({"name": "renku-notebooks", "versions": [{
                "data": {
                    "anonymousSessionsEnabled": false,
                    "cloudstorageEnabled": false,
                    "defaultCullingThresholds": {
                        "anonymous": {"hibernation": 1, "idle": 43_200},
                        "registered": {"hibernation": 259_200, "idle": 86_400},
                    },
                    "sshEnabled": false,
                },
                "version": "1.25.3",
            }]}),
        ),
        _ => Response::json(
            401,
            &json!({"error": {
                "code": 1401,
                "detail": "The required authentication headers ['Renku-Auth-Access-Token', 'Renku-Auth-Id-Token'] are missing. If anonymous user sessions are supported then the header Renku-Auth-Anon-Id can also be used.",
                "message": "Accessing the requested resource requires authentication, please log in.",
            }}),
        ),
    })
}
