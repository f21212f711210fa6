//! The table of functions: everything that crosses the boundary between the host and
//! a provider, each function with what a user must allow for it.
//!
//! The build compares the table with the contract. A function of the contract without
//! a row does not compile, nor does a row without a function, so that nobody is asked
//! about a function in words that do not fit.

mod function;
mod permission;
mod table;

pub use function::{Ability, Access, Effect, Function};
pub use permission::Permission;
pub(crate) use table::functions;

use super::grants::Capability;

/// What the contract says, as the build script read it: `VERSION`, `INTERFACES` and
/// `FUNCTIONS`.
mod contract {
    include!(concat!(env!("OUT_DIR"), "/contract.rs"));
}

/// The version of the contract. It stands in `wit/v0.1/types.wit` alone.
pub const VERSION: &str = contract::VERSION;

impl Function {
    /// The function that a component imports or exports under this name; none when
    /// this program does not know it.
    #[must_use]
    pub fn find(interface: &str, name: &str) -> Option<&'static Self> {
        table::TABLE.iter().find(|function| function.parts() == (interface, name))
    }

    /// All of them, in the order of the table.
    pub fn all() -> impl Iterator<Item = &'static Self> {
        table::TABLE.iter()
    }
}

/// What a user must allow before a component may call this function of a capability.
/// Where the function is not known that is everything.
#[must_use]
pub fn permission(capability: Capability, function: &str) -> Permission {
    let found = Function::find(capability.as_str(), function);
    found.and_then(Function::permission).unwrap_or(Permission::Unknown)
}

/// Whether a component may import an interface of this name.
#[must_use]
pub(crate) fn is_importable(interface: &str) -> bool {
    contract::INTERFACES.contains(&interface)
}

/// The build ends here when the table and the contract differ. The message of the
/// compiler is the name of the function.
const _: () = {
    let mut rest = contract::FUNCTIONS;
    while let [name, more @ ..] = rest {
        let has_a_row = is_among(name, table::NAMES);
        assert!(has_a_row, "{}", *name);
        rest = more;
    }
    let mut rest = table::NAMES;
    while let [name, more @ ..] = rest {
        let is_in_the_contract = is_among(name, contract::FUNCTIONS);
        assert!(is_in_the_contract, "{}", *name);
        let has_one_row = !is_among(name, more);
        assert!(has_one_row, "{}", *name);
        rest = more;
    }
};

const fn is_among(name: &str, all: &[&str]) -> bool {
    let mut rest = all;
    while let [other, more @ ..] = rest {
        if is_same(name.as_bytes(), other.as_bytes()) {
            return true;
        }
        rest = more;
    }
    false
}

/// `==`, which a constant cannot use.
const fn is_same(left: &[u8], right: &[u8]) -> bool {
    if left.len() != right.len() {
        return false;
    }
    let (mut left, mut right) = (left, right);
    while let ([one, ones @ ..], [other, others @ ..]) = (left, right) {
        if *one != *other {
            return false;
        }
        (left, right) = (ones, others);
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_function_needs_a_permission_exactly_where_its_interface_needs_a_grant() {
        for function in Function::all() {
            let (interface, _) = function.parts();
            let capability = Capability::of_interface(interface);
            let is_right = match function.access {
                Access::Needs(permission) => {
                    capability.is_some() && permission != Permission::Unknown
                }
                Access::Free => capability.is_none() && is_importable(interface),
                Access::Offered => interface == "provider",
                Access::Ability(ability) => ability.interface() == interface,
            };
            assert!(is_right, "{function:?}");
        }
    }

    #[test]
    fn what_changes_something_is_never_free_to_call() {
        for function in Function::all().filter(|it| it.effect == Effect::Changes) {
            assert_ne!(function.access, Access::Free, "{function:?}");
        }
    }

    #[test]
    fn a_function_that_is_not_known_needs_more_than_any_other() {
        let unknown = permission(Capability::Containers, "exec");
        assert_eq!(unknown, Permission::Unknown);
        assert!(Function::all().filter_map(Function::permission).all(|other| unknown < other));
        assert_eq!(permission(Capability::Containers, "pause"), Permission::PauseContainers);
    }

    #[test]
    fn names_of_different_lengths_or_letters_are_not_the_same() {
        assert!(is_same(b"stop", b"stop"));
        assert!(!is_same(b"stop", b"stops"));
        assert!(!is_same(b"stop", b"step"));
    }
}
