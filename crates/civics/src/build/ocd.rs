//! Open Civic Data division ids: read, made, matched to Census areas.

use std::collections::HashMap;

/// A name as an id writes it: lower case, spaces as underscores, other signs as `~`.
pub fn slug(name: &str) -> String {
    let mut slug = String::with_capacity(name.len());
    for letter in name.trim().to_lowercase().chars() {
        match letter {
            ' ' => slug.push('_'),
            '.' => {}
            '-' | '_' => slug.push(letter),
            letter if letter.is_alphanumeric() => slug.push(letter),
            _ => slug.push('~'),
        }
    }
    slug
}

/// Known ids, by the state and folded name that they end in.
#[derive(Debug, Default)]
pub struct Known {
    ids: std::collections::HashSet<String>,
    /// (state, kind and folded name) to id; `None` when two ids claim it.
    by_name: HashMap<(String, String), Option<String>>,
}

impl Known {
    /// Whether any id of the state is known: only then a missing one means something.
    pub fn covers(&self, usps: &str) -> bool {
        self.by_name
            .keys()
            .any(|(state, _)| state.eq_ignore_ascii_case(usps))
    }

    /// Adds an id.
    pub fn add(&mut self, id: &str) -> Result<(), &'static str> {
        let parts: Vec<&str> = id
            .strip_prefix("ocd-division/country:us")
            .ok_or("is no id of a division of the United States")?
            .split('/')
            .skip(1)
            .collect();
        if parts.iter().any(|part| {
            part.split_once(':')
                .is_none_or(|(kind, name)| kind.is_empty() || name.is_empty())
        }) {
            return Err("has a part that is not kind:name");
        }
        self.ids.insert(id.to_owned());
        if let [state, place] = parts.as_slice()
            && let (Some(state), Some(place)) =
                (state.strip_prefix("state:"), place.strip_prefix("place:"))
        {
            let entry = self
                .by_name
                .entry((state.to_owned(), folded(place)))
                .or_insert_with(|| Some(id.to_owned()));
            if entry.as_deref() != Some(id) {
                *entry = None;
            }
        }
        Ok(())
    }

    /// The id of a place: the known one of its name; a made one where nothing is known of the
    /// state.
    pub fn place(&self, usps: &str, name: &str, state_is_covered: bool) -> Option<String> {
        let state = usps.to_lowercase();
        let made = format!("ocd-division/country:us/state:{state}/place:{}", slug(name));
        if !state_is_covered || self.ids.contains(&made) {
            return Some(made);
        }
        self.by_name
            .get(&(state, folded(&slug(name))))
            .cloned()
            .flatten()
    }

    /// The id of a district of a place: the known one, as ward or council district.
    pub fn district(&self, place_id: &str, kind: Option<&str>, label: &str) -> Option<String> {
        let label = slug(label);
        if let Some(kind) = kind {
            return Some(format!("{place_id}/{kind}:{label}"));
        }
        ["council_district", "ward"]
            .into_iter()
            .map(|kind| format!("{place_id}/{kind}:{label}"))
            .find(|id| self.ids.contains(id))
    }
}

fn folded(slug: &str) -> String {
    slug.chars()
        .filter(|letter| letter.is_alphanumeric())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_ids_as_the_published_list_writes_them() {
        assert_eq!(slug("St. Mary's"), "st_mary~s");
        assert_eq!(slug("White Sulphur Springs"), "white_sulphur_springs");
        assert_eq!(slug("Winston-Salem"), "winston-salem");
    }

    #[test]
    fn a_known_list_decides_and_an_unknown_state_is_made() {
        let mut known = Known::default();
        known
            .add("ocd-division/country:us/state:ak/place:st_mary~s")
            .unwrap();
        assert!(known.add("ocd-division/country:ca/province:on").is_err());
        assert_eq!(
            known.place("AK", "St. Marys", true).as_deref(),
            Some("ocd-division/country:us/state:ak/place:st_mary~s")
        );
        assert_eq!(known.place("AK", "Nowhere", true), None);
        assert!(known.covers("AK") && !known.covers("CO"));
        assert!(known.place("CO", "Aurora", false).is_some());
    }
}
