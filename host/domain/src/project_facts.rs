//! What a provider may know about the project. No path is among it.

use crate::ProviderError;

/// Facts about a git project, computed when they are first asked for, because
/// most commands need few of them and git costs milliseconds.
pub trait ProjectFacts: Send + Sync {
    /// The readable name.
    fn name(&self) -> String;

    /// The name, safe for containers and hosts.
    fn slug(&self) -> String;

    /// Which project it is, whatever it is called: 64 hexadecimal digits.
    fn id(&self) -> String;

    /// The branch that is checked out.
    ///
    /// # Errors
    ///
    /// When git fails; so do the ones below.
    fn branch(&self) -> Result<Option<String>, ProviderError>;

    /// The commit that is checked out, 40 hexadecimal digits.
    ///
    /// # Errors
    ///
    /// When git fails.
    fn commit(&self) -> Result<Option<String>, ProviderError>;

    /// Whether the working tree differs from the commit.
    ///
    /// # Errors
    ///
    /// When git fails.
    fn dirty(&self) -> Result<bool, ProviderError>;

    /// The image that belongs to the state of the tree.
    ///
    /// # Errors
    ///
    /// When git fails.
    fn candidate_image(&self) -> Result<Option<String>, ProviderError>;

    /// The project of a service that the folder is bound to.
    ///
    /// # Errors
    ///
    /// When the file that says so cannot be read.
    fn remote_project(&self) -> Result<Option<String>, ProviderError>;

    /// `user.name` of git.
    fn author_name(&self) -> Option<String>;

    /// `user.email` of git.
    fn author_email(&self) -> Option<String>;
}
