//! `redress openapi`.

use crate::output;

/// Prints the API's description.
pub fn run() {
    output::print(redress_web::OPENAPI);
}
