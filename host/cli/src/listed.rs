//! A listing of sessions as it is printed.

use crate::output::Warning;
use crate::sessions::{Listing, Providers, Remark};

/// Remarks on a listing as warnings beside it.
pub(super) fn warnings(providers: &Providers, listing: &Listing) -> Vec<Warning> {
    let warning = |remark: Remark<'_>| match remark {
        Remark::Missing { provider, error } => Warning::new(provider, error),
        Remark::Unusable { provider, error } => Warning::of_session(provider, &error),
    };
    providers.remarks(listing).into_iter().map(warning).collect()
}
