//! What a user allows, in the words of the question.

use std::collections::BTreeSet;

/// One thing that a provider may be allowed to do; what weighs more comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Permission {
    /// Whatever a function does that this program does not know.
    Unknown,
    StartContainers,
    /// Stop and remove containers.
    StopContainers,
    /// Pause and resume containers.
    PauseContainers,
    BuildImages,
    PullImages,
    /// Read the output of containers.
    ReadLogs,
    /// List and inspect containers and images.
    SeeContainers,
    /// Send requests to origins of the user.
    UseOrigins,
    /// Send the refresh token of a login along.
    HandOverLogin,
    /// Read the state of the git repository.
    SeeRepository,
    /// Push a branch.
    PushRepository,
    /// Ask the user.
    AskQuestions,
}

/// Two permissions that most providers want together, and one sentence for both.
const TOGETHER: [(Permission, Permission, &str); 2] = [
    (
        Permission::StartContainers,
        Permission::StopContainers,
        "may start and stop containers, which can read and change this project's files and use the network",
    ),
    (
        Permission::SeeRepository,
        Permission::PushRepository,
        "may see the state of this project's git repository, and push it if you confirm",
    ),
];

impl Permission {
    /// What granting it means, for the person who grants it. `may …`.
    #[must_use]
    pub const fn in_words(self) -> &'static str {
        match self {
            Self::Unknown => {
                "may do something that this `renku` does not know and cannot limit; update `renku` before you allow it"
            }
            Self::StartContainers => {
                "may start containers, which can read and change this project's files and use the network"
            }
            Self::StopContainers => "may stop the containers it started",
            Self::PauseContainers => "may pause and resume the containers it started",
            Self::BuildImages => "may build images from this project",
            Self::PullImages => "may pull images",
            Self::ReadLogs => "may read what its containers print",
            Self::SeeContainers => "may see its containers and the images of this machine",
            Self::UseOrigins => {
                "may talk to web services that you configured, with your login there"
            }
            Self::HandOverLogin => {
                "may pass your RenkuLab login on to the sessions it starts there, so that they can use git"
            }
            Self::SeeRepository => "may see the state of this project's git repository",
            Self::PushRepository => "may push this project's git branch if you confirm",
            Self::AskQuestions => "may ask you questions",
        }
    }

    /// A sentence for each of these, or one for two together, with the permissions it
    /// speaks of.
    #[must_use]
    pub fn sentences(all: &BTreeSet<Self>) -> Vec<(&'static str, Vec<Self>)> {
        let mut sentences = Vec::new();
        for permission in all.iter().copied() {
            let pair = TOGETHER.iter().find(|(first, second, _)| {
                [*first, *second].contains(&permission)
                    && all.contains(first)
                    && all.contains(second)
            });
            match pair {
                Some((first, second, words)) if permission == *first => {
                    sentences.push((*words, vec![*first, *second]));
                }
                Some(_) => {}
                // Nobody starts containers without seeing them.
                None if permission == Self::SeeContainers
                    && all.contains(&Self::StartContainers) => {}
                None => sentences.push((permission.in_words(), vec![permission])),
            }
        }
        sentences
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(all: &[Permission]) -> Vec<&'static str> {
        let sentences = Permission::sentences(&all.iter().copied().collect());
        sentences.into_iter().map(|(words, _)| words).collect()
    }

    #[test]
    fn two_permissions_that_belong_together_are_one_sentence() {
        let both = words(&[Permission::StopContainers, Permission::StartContainers]);
        assert_eq!(both.len(), 1);
        assert!(both[0].starts_with("may start and stop containers, which can"));
        assert_eq!(
            words(&[Permission::PushRepository, Permission::SeeRepository]),
            ["may see the state of this project's git repository, and push it if you confirm"]
        );
        assert_eq!(words(&[Permission::StopContainers]), ["may stop the containers it started"]);
    }

    #[test]
    fn what_weighs_more_comes_first() {
        assert_eq!(
            words(&[
                Permission::SeeContainers,
                Permission::PullImages,
                Permission::PauseContainers
            ]),
            [
                "may pause and resume the containers it started",
                "may pull images",
                "may see its containers and the images of this machine"
            ]
        );
    }
}
