//! One rule.

use futures_util::future::LocalBoxFuture;

use super::checked::Checked;
use crate::kit::Kit;

pub(crate) struct Check {
    pub(crate) id: &'static str,
    pub(crate) title: &'static str,
    pub(crate) reason: &'static str,
    /// Checks that have to pass first.
    pub(crate) needs: &'static [&'static str],
    pub(crate) run: for<'a> fn(&'a Kit<'a>) -> LocalBoxFuture<'a, Checked>,
}
