//! The rows: one for each function of the contract.
//!
//! `async` marks a call that waits for an engine, a service or a person. `Changes` is
//! what may change something outside of this program. The last column is what the user
//! must allow (`Free`: nothing) or, of what a provider offers, the ability it is part
//! of (`Every`: each provider has it).

use super::function::{Ability, Access, Effect, Function};
use super::permission::Permission;

/// Hands the rows to the macro `$then`: the bindings of the track and the constants
/// below are made of them.
macro_rules! functions {
    ($then:ident) => { $then! {
        imports {
            async "renku:session/containers.find-image"                                 => Reads,   SeeContainers;
            async "renku:session/containers.inspect-image"                              => Reads,   SeeContainers;
            async "renku:session/containers.pull-image"                                 => Changes, PullImages;
            async "renku:session/containers.build-image"                                => Changes, BuildImages;
            async "renku:session/containers.start"                                      => Changes, StartContainers;
            async "renku:session/containers.list-containers"                            => Reads,   SeeContainers;
            async "renku:session/containers.inspect"                                    => Reads,   SeeContainers;
            async "renku:session/containers.stop"                                       => Changes, StopContainers;
            async "renku:session/containers.pause"                                      => Changes, PauseContainers;
            async "renku:session/containers.resume"                                     => Changes, PauseContainers;
            async "renku:session/containers.wait-ready"                                 => Reads,   SeeContainers;
            async "renku:session/containers.logs"                                       => Reads,   ReadLogs;
                  "renku:session/containers.[method]image-config.entrypoint"            => Reads,   SeeContainers;
                  "renku:session/containers.[method]image-config.command"               => Reads,   SeeContainers;
                  "renku:session/containers.[method]image-config.exposed-ports"         => Reads,   SeeContainers;
                  "renku:session/containers.[method]image-config.user"                  => Reads,   SeeContainers;
                  "renku:session/containers.[method]image-config.working-directory"     => Reads,   SeeContainers;
                  "renku:session/containers.[method]image-config.environment"           => Reads,   SeeContainers;
                  "renku:session/containers.[method]image-config.label"                 => Reads,   SeeContainers;
                  "renku:session/containers.[constructor]container-spec"                => Reads,   StartContainers;
                  "renku:session/containers.[method]container-spec.command"             => Reads,   StartContainers;
                  "renku:session/containers.[method]container-spec.entrypoint"          => Reads,   StartContainers;
                  "renku:session/containers.[method]container-spec.environment"         => Reads,   StartContainers;
                  "renku:session/containers.[method]container-spec.label"               => Reads,   StartContainers;
                  "renku:session/containers.[method]container-spec.publish"             => Reads,   StartContainers;
                  "renku:session/containers.[method]container-spec.mount-project"       => Reads,   StartContainers;
                  "renku:session/containers.[method]container-spec.working-directory"   => Reads,   StartContainers;
                  "renku:session/containers.[method]container-spec.run-as"              => Reads,   StartContainers;
                  "renku:session/containers.[method]container-spec.resources"           => Reads,   StartContainers;
                  "renku:session/containers.[method]container-spec.time-limit"          => Reads,   StartContainers;
                  "renku:session/containers.[method]container-spec.port-placeholder"    => Reads,   StartContainers;
                  "renku:session/containers.[method]container.name"                     => Reads,   SeeContainers;
                  "renku:session/containers.[method]container.image"                    => Reads,   SeeContainers;
                  "renku:session/containers.[method]container.state"                    => Reads,   SeeContainers;
                  "renku:session/containers.[method]container.label"                    => Reads,   SeeContainers;
                  "renku:session/containers.[method]container.ports"                    => Reads,   SeeContainers;
                  "renku:session/containers.[method]container.created-at"               => Reads,   SeeContainers;
                  "renku:session/containers.[method]container.exit-code"                => Reads,   SeeContainers;
                  "renku:session/containers.[method]container.out-of-memory"            => Reads,   SeeContainers;
                  "renku:session/containers.[method]container.environment"              => Reads,   SeeContainers;
                  "renku:session/containers.[method]container.legacy"                   => Reads,   SeeContainers;
                  "renku:session/containers.[method]container.reason"                   => Reads,   SeeContainers;
                  "renku:session/containers.[method]container.expected-start"           => Reads,   SeeContainers;
                  "renku:session/containers.[method]container.expected-end"             => Reads,   SeeContainers;
                  "renku:session/containers.[method]container.node"                     => Reads,   SeeContainers;

                  "renku:session/http.open"                                             => Reads,   UseOrigins;
                  "renku:session/http.[constructor]http-request"                        => Reads,   UseOrigins;
                  "renku:session/http.[method]http-request.query"                       => Reads,   UseOrigins;
                  "renku:session/http.[method]http-request.header"                      => Reads,   UseOrigins;
                  "renku:session/http.[method]http-request.body"                        => Reads,   UseOrigins;
                  "renku:session/http.[method]http-request.at-most"                     => Reads,   UseOrigins;
                  "renku:session/http.[method]response.status"                          => Reads,   UseOrigins;
                  "renku:session/http.[method]response.header"                          => Reads,   UseOrigins;
            async "renku:session/http.[method]response.read"                            => Reads,   UseOrigins;
                  "renku:session/http.[method]origin.display-url"                       => Reads,   UseOrigins;
            async "renku:session/http.[method]origin.send"                              => Changes, UseOrigins;
            async "renku:session/http.[method]origin.send-with-refresh-token"           => Changes, HandOverLogin;
            async "renku:session/http.[method]origin.send-anonymously"                  => Reads,   UseOrigins;

                  "renku:session/repository.read-status"                                => Reads,   SeeRepository;
            async "renku:session/repository.default-branch"                             => Reads,   SeeRepository;
            async "renku:session/repository.push"                                       => Changes, PushRepository;
                  "renku:session/repository.[method]repository-status.branch"           => Reads,   SeeRepository;
                  "renku:session/repository.[method]repository-status.head"             => Reads,   SeeRepository;
                  "renku:session/repository.[method]repository-status.dirty"            => Reads,   SeeRepository;
                  "renku:session/repository.[method]repository-status.upstream"         => Reads,   SeeRepository;
                  "renku:session/repository.[method]repository-status.ahead"            => Reads,   SeeRepository;
                  "renku:session/repository.[method]repository-status.behind"           => Reads,   SeeRepository;
                  "renku:session/repository.[method]repository-status.remote-urls"      => Reads,   SeeRepository;

            async "renku:session/prompt.confirm"                                        => Reads,   AskQuestions;
            async "renku:session/prompt.ask"                                            => Reads,   AskQuestions;

                  "renku:session/invocation.log"                                        => Reads,   Free;
                  "renku:session/invocation.report"                                     => Reads,   Free;
                  "renku:session/invocation.is-cancelled"                               => Reads,   Free;
            async "renku:session/invocation.sleep"                                      => Reads,   Free;
                  "renku:session/invocation.now"                                        => Reads,   Free;
                  "renku:session/invocation.random-bytes"                               => Reads,   Free;
                  "renku:session/invocation.session-secret"                             => Reads,   Free;
                  "renku:session/invocation.created"                                    => Reads,   Free;
                  "renku:session/invocation.[method]project.name"                       => Reads,   Free;
                  "renku:session/invocation.[method]project.slug"                       => Reads,   Free;
                  "renku:session/invocation.[method]project.id"                         => Reads,   Free;
                  "renku:session/invocation.[method]project.branch"                     => Reads,   Free;
                  "renku:session/invocation.[method]project.commit"                     => Reads,   Free;
                  "renku:session/invocation.[method]project.dirty"                      => Reads,   Free;
                  "renku:session/invocation.[method]project.candidate-image"            => Reads,   Free;
                  "renku:session/invocation.[method]project.remote-project"             => Reads,   Free;
                  "renku:session/invocation.[method]project.author-name"                => Reads,   Free;
                  "renku:session/invocation.[method]project.author-email"               => Reads,   Free;
                  "renku:session/invocation.[method]request.project"                    => Reads,   Free;
                  "renku:session/invocation.[method]request.config"                     => Reads,   Free;
                  "renku:session/invocation.[method]request.option-value"               => Reads,   Free;
                  "renku:session/invocation.[method]request.resources"                  => Reads,   Free;
                  "renku:session/invocation.[method]request.session-name"               => Reads,   Free;
                  "renku:session/invocation.[method]request.wait-timeout"               => Reads,   Free;
                  "renku:session/invocation.[method]request.image-is-users"             => Reads,   Free;
                  "renku:session/invocation.[method]details-sink.reason"                => Reads,   Free;
                  "renku:session/invocation.[method]details-sink.expected-start"        => Reads,   Free;
                  "renku:session/invocation.[method]details-sink.expected-end"          => Reads,   Free;
                  "renku:session/invocation.[method]details-sink.resources"             => Reads,   Free;
                  "renku:session/invocation.[method]details-sink.launcher"              => Reads,   Free;
                  "renku:session/invocation.[method]details-sink.node"                  => Reads,   Free;
                  "renku:session/invocation.[method]log-sink.write"                     => Reads,   Free;
        }
        exports {
                  "renku:session/provider.session-provider"                             => Reads,   Every;
                  "renku:session/provider.pre-start-checks"                             => Reads,   Every;
                  "renku:session/provider.find-image"                                   => Reads,   Every;
                  "renku:session/provider.build-image"                                  => Changes, Every;
                  "renku:session/provider.session-list"                                 => Reads,   Every;
                  "renku:session/provider.session-start"                                => Changes, Every;
                  "renku:session/provider.session-stop"                                 => Changes, Every;
                  "renku:session/provider.session-url"                                  => Reads,   Every;

                  "renku:session/hibernation.pause"                                     => Changes, Hibernation;
                  "renku:session/hibernation.resume"                                    => Changes, Hibernation;

                  "renku:session/logs.session-logs"                                     => Reads,   Logs;

                  "renku:session/details.session-details"                               => Reads,   Details;
        }
    } };
}
pub(crate) use functions;

macro_rules! constants {
    (
        imports { $($($async:ident)? $import:literal => $reads:ident, $needs:ident;)* }
        exports { $($export:literal => $does:ident, $by:ident;)* }
    ) => {
        pub(super) const TABLE: &[Function] = &[
            $(Function {
                name: $import,
                effect: Effect::$reads,
                access: import!($needs),
            },)*
            $(Function {
                name: $export,
                effect: Effect::$does,
                access: export!($by),
            },)*
        ];

        /// Their names, for the comparison with the contract.
        pub(super) const NAMES: &[&str] = &[$($import,)* $($export,)*];
    };
}

macro_rules! import {
    (Free) => {
        Access::Free
    };
    ($permission:ident) => {
        Access::Needs(Permission::$permission)
    };
}

macro_rules! export {
    (Every) => {
        Access::Offered
    };
    ($ability:ident) => {
        Access::Ability(Ability::$ability)
    };
}

functions!(constants);
