//! Every reason that an answer can give is explained to those who read it.

use redress_model::resolution::Reason;
use std::path::Path;

#[test]
fn every_reason_is_explained_in_the_documents() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/reasons.md");
    let text = std::fs::read_to_string(&path)
        .unwrap_or_else(|error| panic!("cannot read {}: {error}", path.display()));
    let missing: Vec<&str> = Reason::ALL
        .iter()
        .map(|reason| reason.as_str())
        .filter(|code| !text.contains(&format!("`{code}`")))
        .collect();
    assert!(
        missing.is_empty(),
        "{} does not explain {}",
        path.display(),
        missing.join(", ")
    );
}
