//! The engine: which WebAssembly is accepted, and how it is bounded.

use std::path::Path;

use wasmtime::component::Component;
use wasmtime::{Config, Engine, Strategy};

use super::compiled::{Code, CompiledCode};
use super::error::SandboxError;
use super::limits;

/// The sandbox of this process. Cheap to clone.
#[derive(Clone)]
pub struct Sandbox {
    engine: Engine,
    compiled: CompiledCode,
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
            .wasm_relaxed_simd(false);
        let engine = Engine::new(&config)
            .map_err(|error| SandboxError::Runtime { reason: error.to_string() })?;
        start_ticker(&engine)?;
        Ok(Self { engine, compiled: CompiledCode::new(cache_directory) })
    }

    /// Compiles a component for later, where compiled code is kept. One that cannot be compiled
    /// is an error when it is loaded.
    pub fn prepare(&self, code: Code<'_>) {
        if let Err(error) = self.component(code) {
            tracing::info!("not compiled: {error:#}");
        }
    }

    /// A component, compiled now or before.
    pub(super) fn component(&self, code: Code<'_>) -> wasmtime::Result<Component> {
        self.compiled.component(&self.engine, code)
    }

    pub(super) fn engine(&self) -> &Engine {
        &self.engine
    }
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
