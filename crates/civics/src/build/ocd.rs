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

/// The id of a state, of the district (DC) or of a territory.
pub fn state(usps: &str) -> String {
    let kind = match usps {
        "DC" => "district",
        "PR" | "GU" | "VI" | "AS" | "MP" => "territory",
        _ => "state",
    };
    format!("ocd-division/country:us/{kind}:{}", usps.to_lowercase())
}

/// The id of a county, under the word that its state has for it.
pub fn county(usps: &str, name: &str) -> String {
    let kind = match usps {
        "LA" => "parish",
        "AK" => "borough",
        "PR" => "municipio",
        _ => "county",
    };
    format!("{}/{kind}:{}", state(usps), slug(name))
}

/// Known ids, by the state and folded name that they end in.
#[derive(Clone, Debug, Default)]
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
        // The district's one city is the district.
        if usps == "DC" {
            return Some(self::state(usps));
        }
        let state = usps.to_lowercase();
        let made = format!("{}/place:{}", self::state(usps), slug(name));
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
        // A city that is its county, as San Francisco, has its districts under the county's id.
        let as_county = place_id.replacen("/place:", "/county:", 1);
        [place_id, &as_county]
            .into_iter()
            .flat_map(|parent| {
                ["council_district", "ward"].map(|kind| format!("{parent}/{kind}:{label}"))
            })
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

    #[test]
    fn a_city_that_is_more_than_a_city_has_its_ids_where_they_are_published() {
        let mut known = Known::default();
        for id in [
            "ocd-division/country:us/state:ca/place:san_francisco",
            "ocd-division/country:us/state:ca/county:san_francisco/council_district:3",
            "ocd-division/country:us/district:dc/ward:3",
        ] {
            known.add(id).unwrap();
        }
        let francisco = known.place("CA", "San Francisco", true).unwrap();
        assert_eq!(
            known.district(&francisco, None, "3").as_deref(),
            Some("ocd-division/country:us/state:ca/county:san_francisco/council_district:3")
        );
        let district = known.place("DC", "Washington", false).unwrap();
        assert_eq!(district, "ocd-division/country:us/district:dc");
        assert_eq!(
            known.district(&district, None, "3").as_deref(),
            Some("ocd-division/country:us/district:dc/ward:3")
        );
        assert_eq!(
            county("PR", "Mayagüez"),
            format!(
                "ocd-division/country:us/territory:pr/municipio:{}",
                slug("Mayagüez")
            )
        );
        assert_eq!(
            county("LA", "Orleans"),
            "ocd-division/country:us/state:la/parish:orleans"
        );
    }
}
