//! The bounds of a component (design: every one has a test that hits it).

use std::time::Duration;

/// A package larger than this is not even parsed, unless the user raised it.
pub const PACKAGE_BYTES: usize = 16 << 20;

/// What it can be raised to, for guests that bring an interpreter along.
pub const MOST_PACKAGE_BYTES: usize = 64 << 20;

/// CPU time of guest code per command, counted apart from waiting.
pub const GUEST_CPU: Duration = Duration::from_secs(5);

/// How often running guest code is looked at.
pub const TICK: Duration = Duration::from_millis(10);

/// How long guest code may go on after the user interrupted.
pub const CANCEL_GRACE: Duration = Duration::from_secs(5);

/// Linear memory of all instances of a component.
pub const MEMORY_BYTES: usize = 64 << 20;

/// Elements of one table.
pub const TABLE_ELEMENTS: usize = 10_000;

/// Stack of guest code.
pub const STACK_BYTES: usize = 512 << 10;

/// Bytes that one call may carry from the guest to the host.
pub const BYTES_PER_CALL: usize = 8 << 20;

/// Bytes of one log or progress message; the rest is cut off.
pub const MESSAGE_BYTES: usize = 10_000;

/// Log and progress messages per second; the rest is dropped and counted.
pub const MESSAGES_PER_SECOND: u32 = 50;

/// Handles a guest may hold at once.
pub const HANDLES: usize = 20_000;

/// The most random bytes of one call.
pub const RANDOM_BYTES: u32 = 1024;
