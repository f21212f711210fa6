//! One suite of behaviour for every engine: what a session is, whoever runs it. What an
//! engine cannot do is a row of `table`, and then it says so. `docs/engines.md` has the
//! table, which is generated: `RENKU_UPDATE_DOCUMENTS=1 cargo xtask test every_engine`
//! writes it anew.

mod behaviours;
mod ground;
mod table;

use ground::{Engine, Ground};
use table::{Can, can};

/// Runs one behaviour on one engine, or wants that the engine refuses it.
#[track_caller]
fn on(engine: Engine, behaviour: &str, shown: fn(&Ground<'_>)) {
    let context = engine.context();
    let ground = Ground::new(&context, engine);
    match can(behaviour, engine) {
        Can::Yes | Can::Refuses(_) => shown(&ground),
        Can::NotSeen(_) => {}
    }
}

macro_rules! engines {
    ($($behaviour:ident)*) => {
        const BEHAVIOURS: &[&str] = &[$(stringify!($behaviour)),*];

        engines!(@each memory Memory: $($behaviour)*);
        engines!(@each docker Docker: $($behaviour)*);
        engines!(@each bubblewrap Bubblewrap: $($behaviour)*);
        engines!(@each runc Runc: $($behaviour)*);
    };
    (@each $module:ident $engine:ident: $($behaviour:ident)*) => {
        mod $module {
            $(
                #[test]
                fn $behaviour() {
                    use super::{Engine, behaviours, on};
                    on(Engine::$engine, stringify!($behaviour), behaviours::$behaviour);
                }
            )*
        }
    };
}

engines! {
    starts_answers_and_ends
    two_sessions_are_two
    another_project_does_not_see_it
    output_is_shown
    a_program_that_ends_is_a_failed_session
    its_token_is_no_argument_and_in_no_output
    files_belong_to_the_user
    a_copy_of_the_project_comes_back
    without_the_project_its_folder_is_empty
    pauses_and_goes_on
    an_interrupt_leaves_nothing
    who_does_not_listen_to_signals_is_killed
}

#[test]
fn every_behaviour_has_a_row_and_every_row_a_behaviour() {
    assert_eq!(table::names(), BEHAVIOURS);
}

#[test]
fn the_document_has_the_table() {
    table::check_document();
}
