//! The program under test, run as a person runs it.
//!
//! What cannot be done here fails the test that called it.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;

/// The executable: `REDRESS_PROGRAM` names one, else the workspace's is built.
pub fn executable() -> &'static Path {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    BUILT.get_or_init(|| {
        std::env::var_os("REDRESS_PROGRAM").map_or_else(
            || {
                let output = Command::new(env!("CARGO"))
                    .args([
                        "build",
                        "--quiet",
                        "--package",
                        "redress",
                        "--message-format",
                        "json-render-diagnostics",
                    ])
                    .current_dir(env!("CARGO_MANIFEST_DIR"))
                    .output()
                    .expect("cargo runs");
                assert!(
                    output.status.success(),
                    "the program builds: {}",
                    String::from_utf8_lossy(&output.stderr)
                );
                let lines = String::from_utf8_lossy(&output.stdout).into_owned();
                let found = lines
                    .lines()
                    .filter_map(|line| line.split("\"executable\":\"").nth(1))
                    .filter_map(|rest| rest.split('"').next())
                    .next_back();
                PathBuf::from(found.expect("cargo names the executable"))
            },
            PathBuf::from,
        )
    })
}

/// What a run of the program gave.
#[derive(Debug)]
pub struct Ran {
    /// Exit code.
    pub code: i32,
    /// Standard output.
    pub out: String,
    /// Standard error.
    pub err: String,
}

/// Runs the program with arguments.
pub fn run<I: AsRef<std::ffi::OsStr>>(arguments: impl IntoIterator<Item = I>) -> Ran {
    let Output {
        status,
        stdout,
        stderr,
    } = Command::new(executable())
        .args(arguments)
        .env_remove("RUST_BACKTRACE")
        .output()
        .expect("the program starts");
    let ran = Ran {
        code: status.code().unwrap_or(-1),
        out: String::from_utf8_lossy(&stdout).into_owned(),
        err: String::from_utf8_lossy(&stderr).into_owned(),
    };
    assert!(
        !ran.err.contains("panicked"),
        "the program panicked: {}",
        ran.err
    );
    ran
}

/// Runs the program and insists that it ends well; its output.
pub fn done<I: AsRef<std::ffi::OsStr>>(arguments: impl IntoIterator<Item = I>) -> String {
    let ran = run(arguments);
    assert_eq!(ran.code, 0, "{}", ran.err);
    ran.out
}

/// Runs the program and insists that it refuses its input; what it says.
pub fn refused<I: AsRef<std::ffi::OsStr>>(arguments: impl IntoIterator<Item = I>) -> String {
    let ran = run(arguments);
    assert_eq!(ran.code, 2, "exit 2 was expected; {} {}", ran.out, ran.err);
    ran.err
}
