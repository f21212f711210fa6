//! What goes wrong to order, and what the policy above makes of it.

use std::time::Duration;

use super::{Ground, spec};
use crate::contract::{ContainersError, ReachError};
use crate::{Call, Effect, Fault};

impl Ground {
    fn order(&self, fault: Fault) {
        self.change(|state| state.order([fault]));
    }
}

#[tokio::test]
async fn a_refusal_is_in_the_words_that_were_ordered_and_leaves_nothing() {
    let ground = Ground::new();
    ground.order(Fault::first(Call::Start, Effect::Refuse("no".into())));
    let containers = ground.containers();
    let refused = containers.start(spec("a1")).await;
    assert!(
        matches!(&refused, Err(ContainersError::Engine { message, .. }) if message == "no"),
        "{refused:?}"
    );
    assert_eq!(ground.names(), Vec::<String>::new());
    assert!(containers.left_nothing());
}

#[tokio::test]
async fn an_engine_can_be_out_of_reach() {
    let ground = Ground::new();
    ground.order(Fault::always(Effect::Unavailable));
    let listed = ground.containers().list().await;
    let Err(ContainersError::Reach(ReachError::NoEngine(_))) = listed else {
        panic!("{listed:?}");
    };
}

#[tokio::test]
async fn a_container_whose_answer_was_lost_is_looked_for_and_removed_at_once() {
    for effect in [Effect::LoseAnswer, Effect::Garbage] {
        let ground = Ground::new();
        ground.order(Fault::first(Call::Create, effect));
        let containers = ground.containers();
        assert!(containers.start(spec("a1")).await.is_err());
        assert_eq!(ground.names(), Vec::<String>::new());
        assert!(containers.left_nothing());
    }
}

#[tokio::test]
async fn a_call_can_be_late_or_never_end() {
    let ground = Ground::new();
    ground.order(Fault::first(Call::List, Effect::Delay(50)));
    let begin = std::time::Instant::now();
    ground.containers().list().await.expect("list");
    assert!(begin.elapsed() >= Duration::from_millis(50));
    ground.order(Fault::each(Call::List, Effect::Hang));
    let containers = ground.containers();
    assert!(tokio::time::timeout(Duration::from_millis(50), containers.list()).await.is_err());
}
