//! The language of a sheet.

/// In which language the words stand that nobody typed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Language {
    /// English, as in the United States.
    #[default]
    English,
    /// Spanish, as in the United States.
    Spanish,
}

impl Language {
    /// Its code (ISO 639-1), as a PDF states it.
    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::English => "en-US",
            Self::Spanish => "es-US",
        }
    }
}
