//! Reads what a row says of its seat.

use super::label;
use redress_model::directory::Stated;

/// Reads the columns that speak of the seat; `by_division` is the district of an OCD id.
pub(crate) fn read(
    district: &str,
    at_large: &str,
    title: &str,
    by_division: Option<String>,
) -> Result<Stated, String> {
    let said = match at_large.to_lowercase().as_str() {
        "" => None,
        "1" | "true" | "yes" | "y" | "at large" | "at-large" => Some(true),
        "0" | "false" | "no" | "n" => Some(false),
        _ => return Err(format!("`{at_large}` in at_large is neither 1 nor 0")),
    };
    if let Some(seat) = label::at_large(district) {
        return Ok(Stated::AtLarge(seat.label));
    }
    let label = label::district_label(district);
    Ok(match (said, label.or(by_division)) {
        // Elected by all, though the seat has a number or its holder must live in that district.
        (Some(true), label) => Stated::AtLarge(label),
        (_, Some(label)) => Stated::District(label),
        (Some(false), None) => Stated::SomeDistrict,
        (None, None) if label::at_large(title).is_some() => Stated::AtLarge(None),
        (None, None) => Stated::Nothing,
    })
}
