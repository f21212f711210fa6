//! Where a session opens.

use crate::context::Context;
use crate::domain::Session;
use crate::failure::Failure;
use crate::list::Scope;
use crate::location::Location;
use crate::select;

/// A session, and the way to it.
pub struct Opened {
    /// The session, with its address.
    pub session: Session,
    pub url: String,
    /// Where it works.
    pub location: Location,
}

/// The address of the session `name`, or of the only one.
///
/// # Errors
///
/// When it is not clear which is meant, or its provider has no address.
pub async fn open(context: &Context, scope: &Scope, name: Option<&str>) -> Result<Opened, Failure> {
    let mut chosen = select::the_one(context, scope, name).await?;
    let url = chosen.listed.instance.session_url(&chosen.session.name).await?;
    let session = Session { url: Some(url.clone()), ..chosen.session };
    let location = Location::of_provider(context, &chosen.listed.provider).await?;
    location.warn_of_everybody(context, &session.name, &url).await;
    Ok(Opened { session, url, location })
}
