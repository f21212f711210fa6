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
        features: ["draft"],
    });
}

/// Binds a small world. The generator wants the whole name of an interface here; with
/// another version than that of `wit/v0.1` this does not compile.
macro_rules! ability {
    ($name:ident, $world:literal, $macro:literal, $module:literal) => {
        pub mod $name {
            wit_bindgen::generate!({
                path: "../../wit/v0.1",
                world: $world,
                pub_export_macro: true,
                export_macro_name: $macro,
                default_bindings_module: $module,
                features: ["draft"],
                with: {
                    "renku:session/types@0.1.1": crate::bindings::provider::renku::session::types,
                    "renku:session/invocation@0.1.1":
                        crate::bindings::provider::renku::session::invocation,
                },
            });
        }
    };
}
ability!(
    hibernation,
    "renku:session/provides-hibernation",
    "export_hibernation",
    "renku_session_sdk::bindings::hibernation"
);
ability!(logs, "renku:session/provides-logs", "export_logs", "renku_session_sdk::bindings::logs");
ability!(
    details,
    "renku:session/provides-details",
    "export_details",
    "renku_session_sdk::bindings::details"
);
