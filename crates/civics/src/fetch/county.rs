//! Which counties a person means, by the national COUNTY layer.

use crate::build::BuildError;
use crate::build::dbf::Table;
use crate::build::layer::Layer;
use crate::build::manifest::is_geoid;
use crate::text::Line;
use crate::words::state::State;
use std::path::Path;
use thiserror::Error;

/// Most counties that an error lists.
const MOST_LISTED: usize = 12;

/// What a county is called around its name, the longer first.
const KINDS: [&str; 9] = [
    "CITY AND BOROUGH",
    "PLANNING REGION",
    "CENSUS AREA",
    "MUNICIPALITY",
    "MUNICIPIO",
    "BOROUGH",
    "COUNTY",
    "PARISH",
    "CITY",
];

/// A county or its equivalent.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct County {
    /// Five digits.
    pub fips: String,
    /// `Adams`.
    pub name: String,
    /// `Adams County`.
    pub full_name: String,
}

/// Why no county, or more than one, is meant.
#[derive(Debug, Error)]
pub enum CountyError {
    /// None.
    #[error("no county of {states} is {text:?}; {mend}")]
    Unknown {
        /// As given.
        text: String,
        /// Where it was looked for.
        states: String,
        /// What could be meant.
        mend: String,
    },
    /// Several.
    #[error("{text:?} may be {candidates}; give the number of the one that is meant")]
    Ambiguous {
        /// As given.
        text: String,
        /// All of them.
        candidates: String,
    },
}

/// Reads the counties of some states, sorted by FIPS code.
pub fn read(path: &Path, states: &[&State]) -> Result<Vec<County>, BuildError> {
    let wrong = |message: String| BuildError::Source {
        path: path.to_owned(),
        message,
    };
    let layer = Layer::read(path, false)?;
    let table = Table::new(&layer.dbf).map_err(|message| wrong(format!("its .dbf {message}")))?;
    let column = |name: &str| {
        table
            .column(&[name])
            .ok_or_else(|| wrong(format!("has no {name}; its columns are {}", table.names())))
    };
    let (geoid, name, full) = (column("GEOID")?, column("NAME")?, column("NAMELSAD")?);
    let mut counties: Vec<County> = (0..table.len())
        .map(|record| County {
            fips: table.get(record, Some(geoid)).into_owned(),
            name: table.get(record, Some(name)).into_owned(),
            full_name: table.get(record, Some(full)).into_owned(),
        })
        .filter(|county| is_geoid(&county.fips, 5))
        .filter(|county| states.iter().any(|state| is_in(county, state)))
        .collect();
    counties.sort();
    counties.dedup();
    Ok(counties)
}

fn is_in(county: &County, state: &State) -> bool {
    county.fips.starts_with(&format!("{:02}", state.fips))
}

/// The counties that some texts mean, sorted, each once: a FIPS code of five digits, one of three
/// digits within a single state, or a name with or without its kind.
pub fn choose(
    counties: &[County],
    states: &[&State],
    texts: &[String],
) -> Result<Vec<County>, CountyError> {
    let mut chosen = Vec::new();
    for text in texts {
        chosen.push(one(counties, states, text)?.clone());
    }
    chosen.sort();
    chosen.dedup();
    Ok(chosen)
}

fn one<'list>(
    counties: &'list [County],
    states: &[&State],
    text: &str,
) -> Result<&'list County, CountyError> {
    let text = text.trim();
    let meant = meant(counties, text);
    match meant.as_slice() {
        [county] => Ok(county),
        [] => Err(CountyError::Unknown {
            text: text.to_owned(),
            states: states
                .iter()
                .map(|state| state.usps)
                .collect::<Vec<_>>()
                .join(", "),
            mend: suggestion(counties, text),
        }),
        several => Err(CountyError::Ambiguous {
            text: text.to_owned(),
            candidates: listed(several),
        }),
    }
}

fn meant<'list>(counties: &'list [County], text: &str) -> Vec<&'list County> {
    let of = |is_it: &dyn Fn(&County) -> bool| counties.iter().filter(|one| is_it(one)).collect();
    if is_geoid(text, 5) {
        return of(&|county| county.fips == text);
    }
    if is_geoid(text, 3) {
        return of(&|county| county.fips.ends_with(text));
    }
    let wanted = folded(text);
    // With its kind a name says which of two is meant: Baltimore city, Baltimore County.
    let by_full_name: Vec<_> = of(&|county| folded(&county.full_name) == wanted);
    if !by_full_name.is_empty() {
        return by_full_name;
    }
    let by_name: Vec<_> = of(&|county| folded(&county.name) == wanted);
    if !by_name.is_empty() {
        return by_name;
    }
    let bare = without_kind(&wanted);
    of(&|county| without_kind(&folded(&county.name)) == bare)
}

/// Case, accents, punctuation and the spelling of saints left aside.
fn folded(text: &str) -> String {
    let line = Line::new(text);
    (0..line.len())
        .map(|at| match line.token(at) {
            "SAINT" => "ST",
            "SAINTE" => "STE",
            token => token,
        })
        .collect::<Vec<_>>()
        .join(" ")
}

fn without_kind(name: &str) -> &str {
    KINDS
        .iter()
        .find_map(|kind| name.strip_suffix(kind))
        .map_or(name, str::trim_end)
}

/// Counties whose names share a beginning or a word with the text; else the first ones.
fn suggestion(counties: &[County], text: &str) -> String {
    if counties.is_empty() {
        return "its layer lists none at all".to_owned();
    }
    let wanted = folded(text);
    let wanted = without_kind(&wanted);
    let beginning: String = wanted.chars().take(3).collect();
    let near: Vec<&County> = counties
        .iter()
        .filter(|county| {
            let name = folded(&county.name);
            !beginning.is_empty() && name.starts_with(&beginning)
                || name.split(' ').any(|word| word == wanted)
        })
        .collect();
    if near.is_empty() {
        format!("there are {}", listed(&counties.iter().collect::<Vec<_>>()))
    } else {
        format!("did you mean {}?", listed(&near))
    }
}

fn listed(counties: &[&County]) -> String {
    let mut names: Vec<String> = counties
        .iter()
        .take(MOST_LISTED)
        .map(|county| format!("{} {}", county.fips, county.full_name))
        .collect();
    if counties.len() > MOST_LISTED {
        names.push(format!("{} more", counties.len() - MOST_LISTED));
    }
    names.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fetch::census::state;

    /// Names as they occur, in states that do not have them.
    fn counties() -> Vec<County> {
        [
            ("99001", "Alder", "Alder County"),
            ("99003", "St. Birch", "St. Birch Parish"),
            ("99005", "Fern", "Fern County"),
            ("99510", "Fern", "Fern city"),
            ("99007", "Do\u{f1}a Elm", "Do\u{f1}a Elm County"),
            ("99009", "Larch City", "Larch City County"),
            ("98001", "Alder", "Alder County"),
        ]
        .map(|(fips, name, full)| County {
            fips: fips.into(),
            name: name.into(),
            full_name: full.into(),
        })
        .to_vec()
    }

    fn chosen(text: &str) -> Result<String, String> {
        let all: Vec<County> = counties()
            .into_iter()
            .filter(|county| county.fips.starts_with("99"))
            .collect();
        choose(&all, &[state("ZZ").unwrap()], &[text.to_owned()])
            .map(|counties| counties[0].fips.clone())
            .map_err(|error| error.to_string())
    }

    #[test]
    fn a_county_is_known_by_number_and_by_name() {
        for (text, fips) in [
            ("99001", "99001"),
            ("001", "99001"),
            ("alder", "99001"),
            ("Alder County", "99001"),
            ("Alder Parish", "99001"),
            ("Saint Birch", "99003"),
            ("st birch parish", "99003"),
            ("Fern County", "99005"),
            ("fern city", "99510"),
            ("Dona Elm", "99007"),
            ("Larch City", "99009"),
        ] {
            assert_eq!(chosen(text).as_deref(), Ok(fips), "{text}");
        }
    }

    #[test]
    fn a_name_of_two_lists_both() {
        let said = chosen("Fern").unwrap_err();
        assert!(
            said.contains("99005 Fern County") && said.contains("99510 Fern city"),
            "{said}"
        );
        let both = [state("ZZ").unwrap(), state("ZY").unwrap()];
        let said = choose(&counties(), &both, &["001".into()])
            .unwrap_err()
            .to_string();
        assert!(said.contains("99001") && said.contains("98001"), "{said}");
    }

    #[test]
    fn an_unknown_name_lists_what_could_be_meant() {
        let said = chosen("Aldr").unwrap_err();
        assert!(
            said.contains("ZZ") && said.contains("did you mean 99001 Alder County?"),
            "{said}"
        );
        let said = chosen("98001").unwrap_err();
        assert!(said.contains("there are 99001 Alder County"), "{said}");
    }

    #[test]
    fn a_county_named_twice_is_fetched_once() {
        let texts = ["001", "Alder", "99005"].map(str::to_owned);
        let all = &counties()[..6];
        assert_eq!(
            choose(all, &[state("ZZ").unwrap()], &texts).unwrap().len(),
            2
        );
    }
}
