//! How a provider becomes the exports of a component.
//!
//! [`Exported`] turns the generated traits into those of this crate, and
//! `export!` links the generated entry points, for wasm32 only: on other
//! machines a provider is an ordinary library, so that its tests run there.

use std::marker::PhantomData;

use crate::bindings::details::exports::renku::session::details;
use crate::bindings::hibernation::exports::renku::session::hibernation;
use crate::bindings::logs::exports::renku::session::logs;
use crate::bindings::provider::exports::renku::session::provider;
use crate::{
    Details, DetailsSink, Hibernation, ImageState, LogSink, Logs, Provider, ProviderInfo, Request,
    Result, Session, panic,
};

/// A provider as the generated code wants it.
#[derive(Debug)]
pub struct Exported<P>(PhantomData<P>);

impl<P: Provider> provider::Guest for Exported<P> {
    fn session_provider() -> ProviderInfo {
        panic::report_panics();
        P::session_provider()
    }

    fn pre_start_checks(
        request: &Request,
        candidate_image: Option<String>,
    ) -> Result<Option<String>> {
        panic::report_panics();
        P::pre_start_checks(request, candidate_image.as_deref())
    }

    fn find_image(request: &Request, image: String) -> Result<ImageState> {
        panic::report_panics();
        P::find_image(request, &image)
    }

    fn build_image(request: &Request, descriptor: String, image: String) -> Result<()> {
        panic::report_panics();
        P::build_image(request, &descriptor, &image)
    }

    fn session_list(request: &Request) -> Result<Vec<Session>> {
        panic::report_panics();
        P::session_list(request)
    }

    fn session_start(request: &Request, image: String) -> Result<Session> {
        panic::report_panics();
        P::session_start(request, &image)
    }

    fn session_stop(request: &Request, name: Option<String>, all: bool) -> Result<bool> {
        panic::report_panics();
        P::session_stop(request, name.as_deref(), all)
    }

    fn session_url(request: &Request, name: String) -> Result<String> {
        panic::report_panics();
        P::session_url(request, &name)
    }
}

impl<P: Hibernation> hibernation::Guest for Exported<P> {
    fn pause(request: &Request, name: String) -> Result<()> {
        panic::report_panics();
        P::pause(request, &name)
    }

    fn resume(request: &Request, name: String) -> Result<()> {
        panic::report_panics();
        P::resume(request, &name)
    }
}

impl<P: Logs> logs::Guest for Exported<P> {
    fn session_logs(
        request: &Request,
        name: String,
        tail: Option<u32>,
        follow: bool,
        sink: &LogSink,
    ) -> Result<()> {
        panic::report_panics();
        P::session_logs(request, &name, tail, follow, sink)
    }
}

impl<P: Details> details::Guest for Exported<P> {
    fn session_details(request: &Request, names: Vec<String>, sink: &DetailsSink) -> Result<()> {
        panic::report_panics();
        P::session_details(request, &names, sink)
    }
}

/// Exports a provider from the component that this crate becomes, with the
/// abilities named: `export!(Slurm)`, `export!(Slurm with hibernation logs)`.
#[macro_export]
macro_rules! export {
    ($provider:ident) => {
        $crate::export!($provider with);
    };
    ($provider:ident with $($ability:ident)*) => {
        #[cfg(target_arch = "wasm32")]
        mod component_exports {
            type ThisProvider = $crate::export::Exported<super::$provider>;
            $crate::bindings::provider::export_provider!(
                ThisProvider with_types_in $crate::bindings::provider
            );
            $($crate::export_ability!($ability ThisProvider);)*
        }

        /// What the component would export, so that nothing counts as unused.
        #[cfg(not(target_arch = "wasm32"))]
        #[doc(hidden)]
        pub fn component_exports() -> std::any::TypeId {
            std::any::TypeId::of::<$crate::export::Exported<$provider>>()
        }
    };
}

/// Exports one ability; `export!` calls it.
#[doc(hidden)]
#[macro_export]
macro_rules! export_ability {
    (hibernation $provider:ident) => {
        $crate::bindings::hibernation::export_hibernation!(
            $provider with_types_in $crate::bindings::hibernation
        );
    };
    (logs $provider:ident) => {
        $crate::bindings::logs::export_logs!($provider with_types_in $crate::bindings::logs);
    };
    (details $provider:ident) => {
        $crate::bindings::details::export_details!(
            $provider with_types_in $crate::bindings::details
        );
    };
}
