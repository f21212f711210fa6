//! What a command asks an engine for.

use std::sync::Arc;

use crate::domain::{EngineKind, Reporter};
use crate::{EngineOptions, GrantLimits, ImageOptions, Scope};

/// What one command wants of an engine, for one provider.
pub struct Task {
    /// Which engine serves the provider.
    pub engine: EngineKind,
    pub scope: Scope,
    /// What the user said about images.
    pub images: ImageOptions,
    /// The bounds of the grant.
    pub limits: GrantLimits,
    /// What the user typed for the engine.
    pub options: EngineOptions,
    /// Who hears about progress.
    pub reporter: Arc<dyn Reporter>,
}
