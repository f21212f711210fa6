//! Generated bindings of API track 0.1. Nothing outside `sandbox/v0_1` sees them.
#![allow(missing_docs, reason = "generated; the documentation is in wit/v0.1")]
#![allow(unreachable_pub, reason = "generated")]
#![allow(clippy::all, reason = "generated")]

wasmtime::component::bindgen!({
    path: "../../wit/v0.1",
    // The optional exports are looked up one by one, so the world that is bound
    // is the mandatory one and the small worlds are bound beside it.
    inline: "
        package renku:host;
        world every-export {
            include renku:session/session-provider@0.1.0;
            include renku:session/provides-hibernation@0.1.0;
            include renku:session/provides-logs@0.1.0;
        }
    ",
    world: "renku:host/every-export",
    imports: { default: trappable,
        "renku:session/invocation.sleep": async | trappable,
        "renku:session/prompt.confirm": async | trappable,
        "renku:session/prompt.ask": async | trappable,
        "renku:session/http.[method]origin.send": async | trappable,
        "renku:session/http.[method]origin.send-with-refresh-token": async | trappable,
        "renku:session/http.[method]origin.send-anonymously": async | trappable,
        "renku:session/http.[method]response.read": async | trappable,
        "renku:session/repository.default-branch": async | trappable,
        "renku:session/repository.push": async | trappable,
        "renku:session/containers.find-image": async | trappable,
        "renku:session/containers.inspect-image": async | trappable,
        "renku:session/containers.pull-image": async | trappable,
        "renku:session/containers.build-image": async | trappable,
        "renku:session/containers.start": async | trappable,
        "renku:session/containers.list-containers": async | trappable,
        "renku:session/containers.inspect": async | trappable,
        "renku:session/containers.stop": async | trappable,
        "renku:session/containers.pause": async | trappable,
        "renku:session/containers.resume": async | trappable,
        "renku:session/containers.wait-ready": async | trappable,
        "renku:session/containers.logs": async | trappable,
    },
    exports: { default: async },
    with: {
        "renku:session/invocation.project": super::state::ProjectHandle,
        "renku:session/invocation.request": super::state::RequestHandle,
        "renku:session/invocation.log-sink": super::state::SinkHandle,
        "renku:session/http.http-request": crate::web::http::Request,
        "renku:session/http.response": super::state::ResponseHandle,
        "renku:session/http.origin": super::state::OriginHandle,
        "renku:session/repository.repository-status": crate::domain::RepositoryStatus,
        "renku:session/containers.image-config": crate::containers::ImageConfig,
        "renku:session/containers.container-spec": crate::containers::ContainerSpec,
        "renku:session/containers.container": crate::containers::ContainerInfo,
    },
});
