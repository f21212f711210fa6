//! The engine: which WebAssembly is accepted, and how it is bounded.

use std::path::Path;
use std::time::Duration;

use wasmtime::{Cache, CacheConfig, Config, Engine, Strategy};

use super::error::SandboxError;
use super::{cache, limits};

/// The sandbox of this process. Cheap to clone.
#[derive(Clone)]
pub struct Sandbox {
    engine: Engine,
}

impl Sandbox {
    /// An engine that keeps compiled code in `cache_directory` (none: nowhere).
    /// A directory that is not ours alone is not used, which is logged.
    ///
    /// # Errors
    ///
    /// When the machine cannot run compiled WebAssembly.
    pub fn new(cache_directory: Option<&Path>) -> Result<Self, SandboxError> {
        let mut config = Config::new();
        config
            .strategy(Strategy::Cranelift)
            .concurrency_support(false)
            .epoch_interruption(true)
            .max_wasm_stack(limits::STACK_BYTES)
            .async_stack_size(limits::STACK_BYTES * 4)
            .generate_address_map(false)
            .native_unwind_info(false)
            .wasm_backtrace_max_frames(None)
            .cranelift_opt_level(wasmtime::OptLevel::SpeedAndSize)
            .wasm_memory64(false)
            .wasm_relaxed_simd(false)
            .cache(cache_directory.and_then(open_cache));
        let engine = Engine::new(&config)
            .map_err(|error| SandboxError::Runtime { reason: error.to_string() })?;
        start_ticker(&engine)?;
        Ok(Self { engine })
    }

    pub(super) fn engine(&self) -> &Engine {
        &self.engine
    }
}

fn open_cache(directory: &Path) -> Option<Cache> {
    if let Err(refused) = cache::prepare(directory) {
        tracing::warn!("compiled code is not kept: {refused}");
        return None;
    }
    let mut config = CacheConfig::new();
    config
        .with_directory(directory)
        // Level 1 reads as fast and is written four times faster than 3; the
        // files are small.
        .with_baseline_compression_level(1)
        // Recompressing entries later is not worth a second process's time.
        .with_optimized_compression_usage_counter_threshold(u64::MAX)
        .with_cleanup_interval(Duration::from_secs(24 * 60 * 60));
    Cache::new(config)
        .inspect_err(|error| tracing::warn!("compiled code is not kept: {error:#}"))
        .ok()
}

/// Advances the engine's epoch from a thread of its own, because a task on a
/// busy executor would never get to it. It ends with the engine.
fn start_ticker(engine: &Engine) -> Result<(), SandboxError> {
    let weak = engine.weak();
    std::thread::Builder::new()
        .name("epoch".into())
        .spawn(move || {
            while let Some(engine) = weak.upgrade() {
                engine.increment_epoch();
                drop(engine);
                std::thread::sleep(limits::TICK);
            }
        })
        .map(drop)
        .map_err(|error| SandboxError::Runtime { reason: error.to_string() })
}
