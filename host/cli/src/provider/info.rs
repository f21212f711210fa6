//! `renku session provider info`.

use serde::Serialize;
use serde_json::Value;

use super::row::Row;
use crate::app::App;
use crate::args::InfoArgs;
use crate::domain::{sanitize, size_in_words};
use crate::error::Failure;
use crate::providers::signing::Verdict;
use crate::providers::{About, FoundAt, Grant, ProviderFile};
use crate::sessions;

/// Everything about one provider.
#[derive(Serialize)]
struct Info<'a> {
    #[serde(flatten)]
    row: &'a Row,
    /// Its imports in words.
    wishes: &'a [String],
    /// What the user said to them; none: not asked, or not needed.
    grant: Option<&'a Grant>,
    about: &'a About,
}

/// Shows what it is, what it wants and what it may do.
pub(super) fn info(app: &App, args: &InfoArgs) -> Result<(), Failure> {
    let catalogue = app.context.catalogue();
    let provider = catalogue.find(&args.provider)?;
    let lock = catalogue.lock()?;
    let about = provider.describe()?;
    let mut row = Row::of_file(app, &provider, lock.as_ref())?;
    if let FoundAt::Installed(name, version) = &provider.found_at {
        let versions = catalogue.store()?.versions(name)?.receipts;
        if let Some(receipt) = versions.iter().find(|receipt| receipt.version == *version) {
            row = Row::of_receipt(app, receipt, lock.as_ref())?;
            // Which keys count may have changed since.
            row.signer = provider.verdict.signer().map(str::to_owned);
        }
    }
    let grant = match provider.found_at {
        FoundAt::Bundled => None,
        _ => app.context.permissions().of(&about.digest)?,
    };
    let wishes = sessions::or_nothing(about.wishes(&app.context.known_origins(&provider.identity)));
    let info = Info { row: &row, wishes: &wishes, grant: grant.as_ref(), about: &about };
    app.printer.answer("provider", &info, |_| text(&provider, &info));
    Ok(())
}

fn text(provider: &ProviderFile, info: &Info<'_>) -> String {
    let Info { row, about, .. } = info;
    let mut lines = Vec::new();
    let mut say = |label: &str, text: &str| {
        if !text.is_empty() {
            lines.push(format!("{:12} {}", format!("{label}:"), sanitize(text)));
        }
    };
    say("name", &row.name);
    say("version", row.version.as_deref().unwrap_or("not said"));
    for (key, label) in [
        ("description", "about"),
        ("authors", "authors"),
        ("licenses", "license"),
        ("homepage", "homepage"),
        ("source", "sources"),
        ("revision", "revision"),
    ] {
        say(label, about.texts.get(key).map(String::as_str).unwrap_or_default());
    }
    say("api", &about.api);
    say(
        "from",
        &match &row.source {
            Some(source) => format!("{}, {source}", row.origin),
            None => row.origin.to_owned(),
        },
    );
    say("file digest", &about.digest.to_string());
    say("size", &format!("{} kB", about.size.div_ceil(1000)));
    let signer = match (&provider.found_at, &provider.verdict) {
        (FoundAt::Bundled, _) => "part of `renku`",
        (_, Verdict::Unsigned) => "nobody",
        (_, Verdict::Untrusted { key_id }) => &format!("key {key_id}, which you do not trust"),
        (_, Verdict::Signed(key)) => &key.name,
    };
    say("signed by", signer);
    say("pinned", if row.pinned { "in this project" } else { "" });
    for (index, wish) in info.wishes.iter().enumerate() {
        say(if index == 0 { "wants" } else { "" }, wish);
    }
    say("may use", &row.may());
    if let Some(grant) = info.grant {
        for (label, patterns) in [("images", &grant.images), ("origins", &grant.origins)] {
            say(label, &patterns.join(", "));
        }
        say("cpu", &grant.max_cpu.map(|cpu| format!("at most {cpu}")).unwrap_or_default());
        let memory = grant.max_memory.map(|bytes| format!("at most {}", size_in_words(bytes)));
        say("memory", &memory.unwrap_or_default());
        say("engine flags", if grant.engine_flags { "allowed" } else { "" });
    }
    for (index, option) in about.manifest.options.iter().enumerate() {
        let value = option.value.as_ref().map(|value| format!(" {value}")).unwrap_or_default();
        let label = if index == 0 { "options" } else { "" };
        say(label, &format!("--{}{value}  {}", option.name, option.help));
    }
    for (index, (key, schema)) in settings(about).enumerate() {
        let description = schema.get("description").and_then(Value::as_str).unwrap_or_default();
        let label = if index == 0 { "settings" } else { "" };
        say(label, &format!("{key} ({})  {description}", kind(schema)));
    }
    lines.join("\n").replace(":            ", "             ").replace("\n:", "\n ") + "\n"
}

/// The keys of `--config`.
fn settings(about: &About) -> impl Iterator<Item = (&String, &Value)> {
    let schema = about.manifest.config.as_ref();
    schema.and_then(|schema| schema.get("properties")?.as_object()).into_iter().flatten()
}

/// `integer`, or `array or string`.
fn kind(schema: &Value) -> String {
    match schema.get("type") {
        Some(Value::String(kind)) => kind.clone(),
        Some(Value::Array(kinds)) => {
            kinds.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(" or ")
        }
        _ => "anything".into(),
    }
}
