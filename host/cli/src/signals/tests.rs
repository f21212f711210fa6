use super::*;
use crate::sessions::NoImageError;

async fn never() -> Result<(), Failure> {
    std::future::pending().await
}

#[tokio::test]
async fn the_first_signal_drops_a_command_wherever_it_waits() {
    let signals = Signals::default();
    let (obeyed, ()) = tokio::join!(signals.obeyed(never()), async {
        signals.received(ExitStatus::HungUp);
    });
    let failure = obeyed.expect_err("interrupted");
    assert_eq!(failure.0.to_string(), "interrupted");
    assert_eq!(signals.status(&failure, ExitStatus::Interrupted), ExitStatus::HungUp);
}

#[tokio::test]
async fn a_command_with_an_end_of_its_own_has_time_for_it() {
    let signals = Signals::default();
    let undone = async {
        let _own_end = signals.cancel().own_end();
        signals.received(ExitStatus::Terminated);
        tokio::time::sleep(Duration::from_millis(200)).await;
        Ok(7)
    };
    assert_eq!(signals.obeyed(undone).await.ok(), Some(7));
}

#[test]
fn a_failure_that_no_signal_caused_keeps_its_status() {
    let signals = Signals::default();
    let declined = Failure::from(SessionsError::Declined { what: "stopping" });
    assert_eq!(signals.status(&declined, ExitStatus::Interrupted), ExitStatus::Interrupted);
    signals.received(ExitStatus::Terminated);
    let missing = Failure::from(NoImageError::NoCommit);
    assert_eq!(signals.status(&missing, ExitStatus::Usage), ExitStatus::Usage);
}
