//! One option after the other, as they were typed.

use super::option::Set;
use super::typed::Given;
use super::{Caller, EngineOption, EngineOptions, GivenIn, OptionError, values};

impl EngineOptions {
    /// Takes one option with its value (any text for a flag), which comes from
    /// `given_in`.
    ///
    /// # Errors
    ///
    /// Which option is wrong, why, and how it is written.
    pub fn set(
        &mut self,
        option: &EngineOption,
        value: &str,
        given_in: GivenIn<'_>,
        around: &Caller<'_>,
    ) -> Result<(), OptionError> {
        self.source = None;
        let result = match option.set {
            Set::Flag(set) => {
                set(self);
                Ok(())
            }
            Set::Number(bounds, set) => values::number(value, bounds).map(|it| set(self, it)),
            Set::Size(set) => values::size(value).map(|it| set(self, it)),
            Set::Text(_) if value.trim().is_empty() => Err("the value is missing".to_owned()),
            Set::Text(set) => {
                set(self, value.trim().to_owned());
                Ok(())
            }
            Set::Parsed(set) => set(self, value, around),
        };
        result.map_err(|reason| {
            let given = given_in.shown(option.name, value);
            let quote = if option.example.contains(' ') { "'" } else { "" };
            let hint =
                format!("write it as in `--{} {quote}{}{quote}`", option.name, option.example);
            OptionError::new(given, reason, Some(hint))
        })?;
        self.typed.0.push(Given {
            name: option.name,
            value: option.value.map(|_| value.to_owned()),
            source: self.source.take(),
        });
        Ok(())
    }
}
