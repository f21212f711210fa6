//! Generated bindings of API track 0.1. Nothing outside `sandbox/v0_1` sees them.
//!
//! The optional exports are looked up one by one, so the world that is bound is the
//! mandatory one, and each small world is bound beside it, with the same types.
#![allow(missing_docs, reason = "generated; the documentation is in wit/v0.1")]
#![allow(unreachable_pub, reason = "generated")]
#![allow(clippy::all, reason = "generated")]

use crate::functions::functions;

/// Binds the world of every provider; its functions are called as the table says.
macro_rules! provider {
    (
        imports { $($($async:ident)? $import:literal => $reads:ident, $needs:ident;)* }
        exports { $($export:literal => $does:ident, $by:ident;)* }
    ) => {
        wasmtime::component::bindgen!({
            path: "../../wit/v0.1",
            world: "renku:session/session-provider",
            imports: { $($import: $($async |)? trappable,)* },
            exports: { default: async },
            with: {
                "renku:session/invocation.project": super::state::ProjectHandle,
                "renku:session/invocation.request": super::state::RequestHandle,
                "renku:session/invocation.log-sink": super::state::SinkHandle,
                "renku:session/invocation.details-sink": super::state::DetailsHandle,
                "renku:session/http.http-request": crate::web::http::Request,
                "renku:session/http.response": super::state::ResponseHandle,
                "renku:session/http.origin": super::state::OriginHandle,
                "renku:session/repository.repository-status": crate::domain::RepositoryStatus,
                "renku:session/containers.image-config": crate::containers::ImageConfig,
                "renku:session/containers.container-spec": crate::containers::ContainerSpec,
                "renku:session/containers.container": crate::containers::ContainerInfo,
            },
        });
    };
}
functions!(provider);

/// Binds a small world.
macro_rules! ability {
    ($name:ident, $world:literal) => {
        pub mod $name {
            wasmtime::component::bindgen!({
                path: "../../wit/v0.1",
                world: $world,
                imports: { default: trappable },
                exports: { default: async },
                with: {
                    "renku:session/types": super::renku::session::types,
                    "renku:session/invocation": super::renku::session::invocation,
                },
            });
        }
    };
}
ability!(hibernation, "renku:session/provides-hibernation");
ability!(logs, "renku:session/provides-logs");
ability!(details, "renku:session/provides-details");
