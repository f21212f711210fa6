//! What git made in a private copy becomes part of the repository: objects, references, the
//! index. git itself writes nothing there. It is written in git's own way, by other git
//! commands seen whole or not at all, and below the repository's folder without following
//! links, because a session may be writing there, too.

use std::ffi::OsStr;
use std::fs::File;
use std::io::{self, Write as _};
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use super::copy::is_table;
use super::folder::Folder;
use super::layout::Repository;
use super::private::Private;
use super::reference::{Value, is_commit, is_reference};
use super::run;
use crate::error::ProjectError;

/// What a file of the repository says that its writer locked.
const BUSY: &str = "another git command is writing to it";

/// A file that becomes another one of its folder: `NAME.lock`, as git has it.
struct Lock<'a> {
    folder: &'a Folder,
    name: &'a OsStr,
    lock: std::ffi::OsString,
    file: File,
    done: bool,
}

impl<'a> Lock<'a> {
    fn new(folder: &'a Folder, name: &'a str) -> io::Result<Self> {
        let lock = std::ffi::OsString::from(format!("{name}.lock"));
        let file = folder.create(&lock, 0o666).map_err(|error| match error.kind() {
            io::ErrorKind::AlreadyExists => io::Error::other(BUSY),
            _ => error,
        })?;
        Ok(Self { folder, name: name.as_ref(), lock, file, done: false })
    }

    fn persist(mut self) -> io::Result<()> {
        self.file.sync_all()?;
        self.folder.rename(&self.lock, self.name)?;
        self.done = true;
        Ok(())
    }
}

impl Drop for Lock<'_> {
    fn drop(&mut self) {
        if !self.done {
            let _ = self.folder.remove(&self.lock);
        }
    }
}

impl Private {
    /// Fetches a branch of the private repository at `from`, checking every object.
    ///
    /// # Errors
    ///
    /// When git refuses it.
    pub(crate) fn fetch(&self, from: &Path, branch: &str, to: &str) -> Result<(), ProjectError> {
        let mut command = self.command();
        // A pack, whatever is in it; and nothing but what is asked for.
        for setting in
            ["fetch.fsckObjects=true", "fetch.unpackLimit=1", "fetch.writeCommitGraph=false"]
        {
            command.args(["-c", setting]);
        }
        command.args(["fetch", "--quiet", "--no-tags", "--no-write-fetch-head", "--no-auto-gc"]);
        command.args(["--no-recurse-submodules", "--refmap=", "--"]).arg(from);
        command.arg(format!("+{branch}:{to}")).env("GIT_ALLOW_PROTOCOL", "file");
        let answer = run::run(&mut command)?;
        if answer.success { Ok(()) } else { Err(answer.failure(&["fetch"])) }
    }
}

impl Repository {
    /// Adds the packs that a copy has.
    ///
    /// # Errors
    ///
    /// When they cannot be written.
    pub(crate) fn take_objects(&self, copy: &Private) -> Result<(), ProjectError> {
        let take = || -> io::Result<()> {
            let from = Folder::at(&copy.path().join("objects/pack"))?;
            let mut names = from.names()?;
            // An index last: with it, a pack counts.
            names.sort_by_key(|name| Path::new(name).extension() == Some("idx".as_ref()));
            let to = self.common().0.make("objects/pack".as_ref())?;
            for name in names {
                let Some(mut source) = from.file(name.as_ref())? else { continue };
                if to.kind(name.as_ref())?.is_some() {
                    continue;
                }
                let mut temporary = OsStr::new("tmp_").to_owned();
                temporary.push(&name);
                let mut file = match to.create(&temporary, 0o444) {
                    // A kill left it: git takes such names for rubbish, too.
                    Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                        to.remove(&temporary)?;
                        to.create(&temporary, 0o444)?
                    }
                    made => made?,
                };
                io::copy(&mut source, &mut file)?;
                file.sync_all()?;
                to.rename(&temporary, &name)?;
            }
            Ok(())
        };
        take().map_err(|error| self.unwritable("objects/pack", error))
    }

    /// Lets a reference name `commit`. With `before`, only if it names that.
    ///
    /// # Errors
    ///
    /// When it names something else, or cannot be written.
    pub(crate) fn set_reference(
        &self,
        name: &str,
        before: Option<&str>,
        commit: &str,
    ) -> Result<(), ProjectError> {
        if !is_reference(name) || !is_commit(commit) {
            return Err(
                self.unwritable(name, io::Error::other("it is not a valid name of a reference"))
            );
        }
        if self.format().has_tables {
            return self.set_in_tables(name, before, commit);
        }
        let set = || -> io::Result<()> {
            let (parent, last) = name.rsplit_once('/').ok_or(io::ErrorKind::InvalidInput)?;
            let folder = self.common().0.make(parent.as_ref())?;
            let mut lock = Lock::new(&folder, last)?;
            let now = self.references().find(name)?;
            let now = match &now {
                Some(Value::Commit(commit)) => Some(commit.as_str()),
                Some(Value::Symbolic(_)) => return Err(io::Error::other("it names another one")),
                None => None,
            };
            if before.is_some() && now != before {
                return Err(io::Error::other("it changed in the meantime"));
            }
            lock.file.write_all(Value::Commit(commit.to_owned()).text().as_bytes())?;
            lock.persist()?;
            self.log(name, now, commit)
        };
        set().map_err(|error| self.unwritable(name, error))
    }

    /// The same in tables: a git writes to a copy of them, and what is new is taken over.
    /// They are locked meanwhile, as git locks them.
    fn set_in_tables(
        &self,
        name: &str,
        before: Option<&str>,
        commit: &str,
    ) -> Result<(), ProjectError> {
        let failed = |error| self.unwritable("reftable/tables.list", error);
        let tables = self.common().0.folder("reftable".as_ref()).map_err(failed)?;
        let mut lock = Lock::new(&tables, "tables.list").map_err(failed)?;
        let copy = self.copy()?;
        let mut arguments = vec!["update-ref", name, commit];
        arguments.extend(before);
        let _ = copy.output(&arguments)?;
        let mut take = || -> io::Result<()> {
            let from = Folder::at(&copy.path().join("reftable"))?;
            let list = from.text("tables.list", 1024 * 1024)?.unwrap_or_default();
            for table in list.lines().filter(|name| is_table(name)) {
                let table: &OsStr = table.as_ref();
                let Some(mut source) = from.file(table.as_ref())? else { continue };
                match tables.create(table, 0o666) {
                    Ok(mut file) => {
                        io::copy(&mut source, &mut file)?;
                        file.sync_all()?;
                    }
                    Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                    Err(error) => return Err(error),
                }
            }
            lock.file.write_all(list.as_bytes())
        };
        take().and_then(|()| lock.persist()).map_err(failed)
    }

    /// Makes the index that of a commit; files stay as they are.
    ///
    /// # Errors
    ///
    /// When git fails, the index was changed meanwhile, or it cannot be written.
    pub(crate) fn reset(&self, commit: &str) -> Result<(), ProjectError> {
        let failed = |error| self.unwritable("index", error);
        let before = self.index_time().map_err(failed)?;
        let copy = self.copy_with_index()?;
        // In one piece.
        let whole = ["-c", "core.splitIndex=false", "reset", "--quiet", "--mixed", commit];
        let answer = copy.ask(&whole)?;
        if !answer.success {
            return Err(answer.failure(&["reset"]));
        }
        let take = || -> io::Result<()> {
            let mut lock = Lock::new(self.own().0, "index")?;
            if self.index_time()? != before {
                return Err(io::Error::other("it changed in the meantime"));
            }
            let mut source = File::open(copy.own().join("index"))?;
            io::copy(&mut source, &mut lock.file)?;
            // Its time decides which files git looks at again.
            lock.file.set_modified(source.metadata()?.modified()?)?;
            lock.persist()
        };
        take().map_err(failed)
    }

    /// When the index was written; none when there is none.
    fn index_time(&self) -> io::Result<Option<SystemTime>> {
        let file = self.own().0.file("index".as_ref())?;
        file.map(|file| file.metadata()?.modified()).transpose()
    }

    /// Notes in the logs of references where one was before, for who wants to go back. Logs
    /// that git does not keep are not begun.
    fn log(&self, name: &str, before: Option<&str>, commit: &str) -> io::Result<()> {
        let nothing = "0".repeat(commit.len());
        let seconds = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
        let line = format!(
            "{} {commit} renku <> {seconds} +0000\trenku session\n",
            before.unwrap_or(&nothing)
        );
        let mut logs = vec![(self.common().0, format!("logs/{name}"))];
        if self.references().head()?.0 == Value::Symbolic(name.to_owned()) {
            logs.push((self.own().0, "logs/HEAD".to_owned()));
        }
        for (folder, path) in logs {
            // A note that cannot be made is no reason to fail.
            if let Ok(Some(mut file)) = folder.append(path.as_ref()) {
                file.write_all(line.as_bytes())?;
            }
        }
        Ok(())
    }

    fn unwritable(&self, name: &str, source: io::Error) -> ProjectError {
        ProjectError::Unwritable { file: self.common().1.join(name), source }
    }
}
