//! The bounds of a component (design: every one has a test that hits it), and what
//! is reported about a component that went beyond one.

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

/// Elements of all tables of a component.
pub const TABLE_ELEMENTS: usize = 10_000;

/// Instances in a component, of core modules and of components; Python has 41.
pub const INSTANCES: usize = 128;

/// Functions, globals, imports and elements of all instances of core modules, and
/// those that are compiled; Python has 23 000.
pub const ITEMS: usize = 100_000;

/// Branches of all code that is compiled, each times the variables of its function and
/// the loops it is in; Python has 8 million. A compiler remembers something for each.
pub const BRANCHING: u64 = 40_000_000;

/// Tables of a component.
pub const TABLES: usize = 16;

/// Linear memories of a component.
pub const MEMORIES: usize = 16;

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

/// Bytes of the host behind all handles that a guest holds at once.
pub const BYTES_BEHIND_HANDLES: usize = 32 << 20;

/// The most random bytes of one call.
pub const RANDOM_BYTES: u32 = 1024;

/// A bound that a component went beyond. As an error it ends the guest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Limit {
    #[error("it used more than {} s of CPU time", GUEST_CPU.as_secs())]
    Cpu,
    #[error("it needed more than {} MiB of memory", MEMORY_BYTES >> 20)]
    Memory,
    #[error("it needed more than {TABLE_ELEMENTS} table elements")]
    TableElements,
    /// Instances, tables or memories.
    #[error("it has more than {INSTANCES} instances, {TABLES} tables or {MEMORIES} memories")]
    Parts,
    /// Functions and the like.
    #[error("it has more than {ITEMS} functions, globals, imports and elements")]
    Items,
    /// Code that takes too much to compile.
    #[error("its code branches too often among too many variables to be compiled")]
    Branching,
    /// The call stack.
    #[error("its stack exceeded {} KiB", STACK_BYTES >> 10)]
    Stack,
    #[error("it sent more than {} MiB in one call", BYTES_PER_CALL >> 20)]
    BytesPerCall,
    #[error("it held more than {HANDLES} handles at once")]
    Handles,
    #[error("its handles took up more than {} MiB of the host's memory", BYTES_BEHIND_HANDLES >> 20)]
    BytesBehindHandles,
}
