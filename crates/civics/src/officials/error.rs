//! Why a list of officials cannot be read at all.

/// Why a file could not be read at all.
#[derive(Debug, thiserror::Error)]
pub enum OfficialsError {
    /// The system's reason.
    #[error("cannot read {origin}: {source}")]
    Read {
        /// The file.
        origin: String,
        /// The system's reason.
        source: std::io::Error,
    },
    /// A column without which no row has a meaning, or that the manifest names.
    #[error(
        "{origin} has no column {missing}; it has {found}; name the column in the source's `columns`, or give a value for every row in its `defaults`"
    )]
    Columns {
        /// The file.
        origin: String,
        /// The column, or columns of which one is needed.
        missing: String,
        /// The header's columns.
        found: String,
    },
    /// The manifest names a column that officials do not have.
    #[error("`{key}` in the source of {origin} is no column of officials; they are {known}")]
    UnknownColumn {
        /// The file.
        origin: String,
        /// What the manifest says.
        key: String,
        /// What it could say.
        known: String,
    },
    /// A column stands twice, and nobody knows which one counts.
    #[error("{origin} has the column `{column}` twice; remove one of them")]
    ColumnTwice {
        /// The file.
        origin: String,
        /// The column.
        column: String,
    },
    /// No list of officials is that wide.
    #[error("{origin} has {found} columns, more than {most}; is it a list of officials?")]
    TooManyColumns {
        /// The file.
        origin: String,
        /// How many it has.
        found: usize,
        /// How many it may have.
        most: usize,
    },
    /// The whole file is not what its format promises.
    #[error("{origin}: {message}")]
    Malformed {
        /// The file.
        origin: String,
        /// Where, what is wrong, and the mend.
        message: String,
    },
    /// A file larger than any such list.
    #[error("{origin} holds more than {most} MiB, more than any such list does; take it apart")]
    TooLarge {
        /// The file.
        origin: String,
        /// Most mebibytes.
        most: u64,
    },
}
