//! The providers that are part of the binary.

/// Name and bytes of each, in the order they are asked.
pub(super) fn all() -> impl Iterator<Item = (&'static str, &'static [u8])> {
    [("docker", include_bytes!(env!("RENKU_DOCKER_WASM")).as_slice())].into_iter()
}
