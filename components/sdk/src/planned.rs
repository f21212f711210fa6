//! A start in two calls: the checks before it make a plan, the start follows it.

use std::any::Any;
use std::cell::RefCell;

use crate::{Request, Result, Session};

thread_local! {
    /// What the checks made. An instance serves one command, so there is one at most.
    static KEPT: RefCell<Option<Box<dyn Any>>> = const { RefCell::new(None) };
}

/// For providers whose checks find out what the start needs, such as the answers of a web
/// service or of the user: the start gets it as an argument, and nobody is asked twice.
///
/// ```ignore
/// fn pre_start_checks(request: &Request, candidate: Option<&str>) -> Result<Option<String>> {
///     check_planned::<Self>(request, candidate)
/// }
///
/// fn session_start(request: &Request, image: &str) -> Result<Session> {
///     start_planned::<Self>(request, image)
/// }
/// ```
pub trait PlannedStart {
    /// What the checks find out.
    type Plan: 'static;

    /// Finds out how a session starts, and changes nothing. `candidate_image` is that of the
    /// host.
    ///
    /// # Errors
    ///
    /// Whatever the user has to change before a start can work.
    fn plan(request: &Request, candidate_image: Option<&str>) -> Result<Self::Plan>;

    /// The image that the session will run; `None` keeps that of the host.
    fn image(plan: &Self::Plan) -> Option<String>;

    /// Starts a session as planned and waits as long as the request says.
    ///
    /// # Errors
    ///
    /// As [`Provider::session_start`](crate::Provider::session_start).
    fn start(request: &Request, plan: Self::Plan) -> Result<Session>;
}

/// `pre-start-checks` of a provider that plans its starts.
///
/// # Errors
///
/// As [`PlannedStart::plan`].
pub fn check_planned<P: PlannedStart>(
    request: &Request,
    candidate_image: Option<&str>,
) -> Result<Option<String>> {
    let plan = P::plan(request, candidate_image)?;
    let image = P::image(&plan);
    keep(plan);
    Ok(image)
}

/// `session-start` of a provider that plans its starts. Without checks before it, the plan
/// is made of `image`.
///
/// # Errors
///
/// As [`PlannedStart::plan`] and [`PlannedStart::start`].
pub fn start_planned<P: PlannedStart>(request: &Request, image: &str) -> Result<Session> {
    let plan = match take() {
        Some(plan) => plan,
        None => P::plan(request, Some(image))?,
    };
    P::start(request, plan)
}

fn keep<T: 'static>(plan: T) {
    KEPT.set(Some(Box::new(plan)));
}

fn take<T: 'static>() -> Option<T> {
    KEPT.take()?.downcast().ok().map(|plan| *plan)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plan_is_followed_once() {
        keep("image:1".to_owned());
        assert_eq!(take(), Some("image:1".to_owned()));
        assert_eq!(take::<String>(), None);
    }
}
