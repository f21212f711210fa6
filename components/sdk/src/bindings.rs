//! The contract as Rust, generated from `wit/v0.1`.
//!
//! Three worlds, three sets of exports: a component describes only the worlds
//! whose export macro is used, so what is not offered is not in the file. The
//! types are those of the first world everywhere.
#![allow(missing_docs, unreachable_pub, clippy::all, reason = "generated; see wit/v0.1")]

pub mod provider {
    wit_bindgen::generate!({
        path: "../../wit/v0.1",
        world: "renku:session/session-provider",
        pub_export_macro: true,
        export_macro_name: "export_provider",
        default_bindings_module: "renku_session_sdk::bindings::provider",
        generate_all,
    });
}

pub mod hibernation {
    wit_bindgen::generate!({
        path: "../../wit/v0.1",
        world: "renku:session/provides-hibernation",
        pub_export_macro: true,
        export_macro_name: "export_hibernation",
        default_bindings_module: "renku_session_sdk::bindings::hibernation",
        with: {
            "renku:session/types@0.1.0": crate::bindings::provider::renku::session::types,
            "renku:session/invocation@0.1.0": crate::bindings::provider::renku::session::invocation,
        },
    });
}

pub mod logs {
    wit_bindgen::generate!({
        path: "../../wit/v0.1",
        world: "renku:session/provides-logs",
        pub_export_macro: true,
        export_macro_name: "export_logs",
        default_bindings_module: "renku_session_sdk::bindings::logs",
        with: {
            "renku:session/types@0.1.0": crate::bindings::provider::renku::session::types,
            "renku:session/invocation@0.1.0": crate::bindings::provider::renku::session::invocation,
        },
    });
}
