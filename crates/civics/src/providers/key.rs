//! A provider's key, which is never printed.

use super::SettingsError;
use std::fmt;
use std::path::Path;

/// A key. It has no way to be shown.
#[derive(Clone, PartialEq, Eq)]
pub struct Key(String);

impl Key {
    /// The key in a file, else the one in the environment.
    pub fn find(
        provider: &'static str,
        file: &str,
        environment: Option<String>,
    ) -> Result<Option<Self>, SettingsError> {
        let text = if file.is_empty() {
            match environment {
                Some(text) => text,
                None => return Ok(None),
            }
        } else {
            std::fs::read_to_string(file).map_err(|source| SettingsError::KeyUnreadable {
                provider,
                path: Path::new(file).to_owned(),
                source,
            })?
        };
        let text = text.trim();
        if text.is_empty() || text.contains(char::is_whitespace) {
            return Err(SettingsError::KeyWrong { provider });
        }
        Ok(Some(Self(text.to_owned())))
    }

    /// For the request itself, and nowhere else.
    pub(super) fn secret(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Key(...)")
    }
}
