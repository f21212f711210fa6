//! What the file says about itself.

use std::collections::BTreeSet;

use super::check::Check;
use super::checked::{Checked, failed, passed, skipped};
use crate::kit::{Kit, about_it};
use crate::world::World;

pub(super) const CHECKS: &[Check] = &[
    Check {
        id: "file",
        title: "the file can be installed",
        reason: "`renku session provider add` refuses a file without a name, a version or a manifest that fits",
        needs: &[],
        run: |kit| Box::pin(async { file(kit) }),
    },
    Check {
        id: "imports",
        title: "it imports only the contract, and gives reasons for its imports",
        reason: "the user is asked to allow the imports; the manifest gives the reasons",
        needs: &[],
        run: |kit| Box::pin(async { imports(kit) }),
    },
    Check {
        id: "identity",
        title: "`session-provider` answers with the name and version of the file",
        reason: "otherwise users report problems with the wrong version",
        needs: &["file", "imports"],
        run: |kit| Box::pin(identity(kit)),
    },
];

fn file(kit: &Kit<'_>) -> Checked {
    let subject = kit.subject;
    if let Some(problem) = &subject.problem {
        return Err(failed(problem));
    }
    if kit.refusal().is_some() {
        return Err(skipped("it cannot be loaded, see `imports`"));
    }
    match (&subject.name, &subject.version) {
        (Some(name), Some(version)) => Ok(format!("{name} {version}")),
        (None, _) => Err(failed("it has no name (section `component-name`)")),
        (_, None) => Err(failed("it has no version (section `version`)")),
    }
}

fn imports(kit: &Kit<'_>) -> Checked {
    if let Some(refusal) = kit.refusal() {
        return Err(failed(format!("it {}", about_it(refusal))));
    }
    let imported: BTreeSet<&str> =
        kit.subject.sections.capabilities().iter().map(|it| it.as_str()).collect();
    let wanted: BTreeSet<&str> = kit.subject.wants.iter().map(String::as_str).collect();
    let named =
        |set: Vec<&&str>| set.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    let unsaid: Vec<_> = imported.difference(&wanted).collect();
    let unused: Vec<_> = wanted.difference(&imported).collect();
    match (unsaid.is_empty(), unused.is_empty()) {
        (false, _) => Err(failed(format!(
            "it imports {}, and its manifest gives no reason under `wants`",
            named(unsaid)
        ))),
        (_, false) => Err(failed(format!(
            "`wants` in its manifest names {}, which it does not import",
            named(unused)
        ))),
        _ => Ok(imported.into_iter().collect::<Vec<_>>().join(", ")),
    }
}

async fn identity(kit: &Kit<'_>) -> Checked {
    let world = World::new(kit).await?;
    let done = world
        .command(world.request(), async |instance| Ok(instance.session_provider().await?))
        .await;
    let info = done.ok("`session-provider`")?;
    let subject = kit.subject;
    let (name, version) = (subject.name.as_deref(), subject.version.as_deref());
    if name != Some(info.name.as_str()) {
        let written = name.unwrap_or_default();
        return Err(failed(format!("it calls itself `{}`, but its file `{written}`", info.name)));
    }
    if version != Some(info.version.as_str()) {
        let (said, written) = (info.version, version.unwrap_or_default());
        return Err(failed(format!("it reports version `{said}`, but its file `{written}`")));
    }
    if info.about.trim().is_empty() {
        return Err(failed("it has no description (`about`)"));
    }
    passed()
}
