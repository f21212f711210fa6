//! What stands for a port in the words and variables of a program, until the port is
//! known. Here each container has a network of its own, or is the only one on its
//! user's port: the port is the one that the provider publishes.

use crate::{ContainerSpec, ContainersError};

/// Checks that each stands for a published port, and could be nothing else.
///
/// # Errors
///
/// [`ContainersError::InvalidPlaceholder`].
pub(crate) fn check(spec: &ContainerSpec) -> Result<(), ContainersError> {
    let invalid = spec.port_placeholders.iter().find(|it| {
        !spec.publish.contains(&it.port)
            || !(2..=64).contains(&it.placeholder.len())
            || !it.placeholder.chars().all(|character| character.is_ascii_graphic())
    });
    match invalid {
        Some(it) => Err(ContainersError::InvalidPlaceholder {
            placeholder: it.placeholder.clone(),
            port: it.port,
        }),
        None => Ok(()),
    }
}

/// Puts the ports where the placeholders stand.
pub(crate) fn fill_in(spec: &mut ContainerSpec) {
    for place in std::mem::take(&mut spec.port_placeholders) {
        let port = place.port.to_string();
        let words = [&mut spec.command, &mut spec.entrypoint];
        let words = words.into_iter().flatten().flatten();
        let values = spec.environment.iter_mut().map(|(_, value)| value);
        for text in words.chain(values) {
            if text.contains(&place.placeholder) {
                *text = text.replace(&place.placeholder, &port);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::PortPlaceholder;

    fn spec(port: u16, placeholder: &str) -> ContainerSpec {
        ContainerSpec {
            publish: vec![8888],
            port_placeholders: vec![PortPlaceholder { port, placeholder: placeholder.into() }],
            entrypoint: Some(vec!["serve".into(), "--url=http://0.0.0.0:@PORT@/?@PORT@".into()]),
            command: Some(vec!["@PORT@".into(), "PORT".into()]),
            environment: vec![("@PORT@".into(), "8@PORT@".into())],
            ..ContainerSpec::default()
        }
    }

    #[test]
    fn a_port_stands_wherever_its_placeholder_stood() {
        let mut spec = spec(8888, "@PORT@");
        fill_in(&mut spec);
        assert_eq!(spec.entrypoint.unwrap()[1], "--url=http://0.0.0.0:8888/?8888");
        assert_eq!(spec.command.unwrap(), ["8888", "PORT"]);
        assert_eq!(spec.environment, [("@PORT@".into(), "88888".into())]);
    }

    #[test]
    fn a_placeholder_is_of_a_published_port_and_no_ordinary_text() {
        assert!(check(&spec(8888, "@PORT@")).is_ok());
        let long = "x".repeat(65);
        for (port, placeholder) in
            [(8889, "@PORT@"), (8888, ""), (8888, "x"), (8888, "a b"), (8888, "ä!"), (8888, &long)]
        {
            assert!(check(&spec(port, placeholder)).is_err(), "{port} {placeholder}");
        }
    }
}
