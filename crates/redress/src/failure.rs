//! Why a command ended badly, and with which code.

use redress_civics::batch::BatchError;
use redress_civics::build::BuildError;
use redress_civics::pack::PackError;
use std::path::Path;
use std::process::ExitCode;

/// A failure with its exit code.
#[derive(Debug)]
pub struct Failure {
    code: u8,
    error: anyhow::Error,
}

/// What commands return.
pub type Outcome = Result<(), Failure>;

impl Failure {
    /// The work failed.
    pub fn failed(error: impl Into<anyhow::Error>) -> Self {
        Self {
            code: 1,
            error: error.into(),
        }
    }

    /// The input or usage is wrong.
    pub fn input(error: impl Into<anyhow::Error>) -> Self {
        Self {
            code: 2,
            error: error.into(),
        }
    }

    /// A file that cannot be read.
    pub fn unreadable(path: &Path, error: &std::io::Error) -> Self {
        Self::input(anyhow::anyhow!("cannot read {}: {error}", path.display()))
    }

    /// A file that cannot be written.
    pub fn unwritable(path: &Path, error: &std::io::Error) -> Self {
        Self::failed(anyhow::anyhow!("cannot write {}: {error}", path.display()))
    }

    /// A batch file that could not be read or answered.
    pub fn batch(path: &Path, error: BatchError) -> Self {
        match error {
            BatchError::Output(_) => Self::failed(error),
            error => Self::input(anyhow::anyhow!("{} {error}", path.display())),
        }
    }

    /// The code for the shell.
    pub fn exit_code(&self) -> ExitCode {
        ExitCode::from(self.code)
    }
}

impl std::fmt::Display for Failure {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut said = self.error.to_string();
        // Some errors already quote the one below them.
        for cause in self.error.chain().skip(1).map(ToString::to_string) {
            if !said.contains(&cause) {
                said = format!("{said}: {cause}");
            }
        }
        formatter.write_str(&said)
    }
}

impl From<BuildError> for Failure {
    fn from(error: BuildError) -> Self {
        match error {
            BuildError::Output { .. } => Self::failed(error),
            error => Self::input(error),
        }
    }
}

impl From<PackError> for Failure {
    fn from(error: PackError) -> Self {
        Self::input(error)
    }
}
