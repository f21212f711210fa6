//! What all commands share: their context, and the terminal.

use std::cell::Cell;
use std::sync::Arc;

use super::args::General;
use super::error::{CommandError, Failure};
use super::signals::Signals;
use super::terminal::Terminal;
use crate::config;
use crate::contract::Engines;
use crate::domain::changes::DryRun;
use crate::files::directories::{self, NoHome};
use crate::output::{Printer, Progress, Questions};
use crate::sessions::{Changes, Context, Setting};

/// One run of the program.
pub(super) struct App {
    pub(super) context: Context,
    pub(super) printer: Arc<Printer>,
    pub(super) questions: Arc<Questions>,
    /// The exit status of a command in a session, which becomes ours.
    pub(super) exit_status: Cell<Option<u8>>,
}

impl App {
    pub(super) fn new(
        general: General,
        engines: Arc<dyn Engines>,
        signals: &Signals,
    ) -> Result<Self, Failure> {
        crate::output::logging(general.verbose);
        let printer = Arc::new(Printer::new(general.format, general.verbose, config::yaml));
        let answers = general.answers.into_iter().collect();
        let questions = Arc::new(Questions::new(general.yes, answers));
        let terminal =
            Arc::new(Terminal { printer: Arc::clone(&printer), questions: Arc::clone(&questions) });
        let context = Context::new(Setting {
            engines,
            directory: None,
            configuration: directories::configuration()
                .ok_or_else(|| CommandError::NoHome(NoHome::reason()))?,
            cache: directories::cache(),
            reporter: Arc::new(Progress::new(&printer)),
            notices: Arc::<Terminal>::clone(&terminal),
            confirmer: Arc::<Terminal>::clone(&terminal),
            asker: terminal,
            changes: match (general.dry_run, general.no_changes) {
                (true, _) => Changes::WrittenDown(Arc::new(DryRun::new(general.show_values))),
                (false, Some(option)) => Changes::Refused(option),
                (false, None) => Changes::Made,
            },
            locked: general.locked,
            offline: general.offline,
            verbose: general.verbose > 0,
            cancel: signals.cancel(),
        });
        Ok(Self { context, printer, questions, exit_status: Cell::new(None) })
    }
}
