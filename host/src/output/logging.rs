//! `-v`: what the program does, on standard error. Tokens are never logged: no
//! call site has one in a field.

use tracing::Level;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

/// Starts logging: warnings always, more with every `-v`. Only our own messages
/// up to `-vv`.
pub fn logging(verbose: u8) {
    let level = match verbose {
        0 => Level::WARN,
        1 => Level::INFO,
        2 => Level::DEBUG,
        _ => Level::TRACE,
    };
    let ours = tracing_subscriber::filter::filter_fn(move |metadata| {
        *metadata.level() <= level
            && (verbose > 2 || metadata.target().starts_with("renku_session"))
    });
    let format = tracing_subscriber::fmt::layer()
        .with_writer(std::io::stderr)
        .with_ansi(false)
        .with_target(false)
        .without_time()
        .with_level(true);
    // Fails when somebody has started logging before us: then it is theirs.
    let _ = tracing_subscriber::registry()
        .with(tracing_subscriber::Layer::with_filter(format, ours))
        .try_init();
}
