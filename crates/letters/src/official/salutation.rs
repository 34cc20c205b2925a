//! How somebody is addressed.

use crate::english::enumerated;

/// The name that follows a title: the surname where the name is a given name, initials and one surname, else the whole name, which is
/// never wrong.
pub fn addressed_as(name: &str) -> &str {
    let words: Vec<&str> = name.split(' ').collect();
    let is_initial = |word: &&str| {
        let letters = word.trim_end_matches('.');
        letters.chars().count() == 1 && letters.chars().all(char::is_uppercase)
    };
    let is_name = |word: &str| {
        word.chars().count() > 1
            && word.starts_with(char::is_uppercase)
            && word
                .chars()
                .all(|character| character.is_alphabetic() || "'’-".contains(character))
            && word.chars().any(char::is_lowercase)
            && !SUFFIXES.contains(&word)
    };
    match words.as_slice() {
        [given, middle @ .., surname]
            if is_name(given) && middle.iter().all(is_initial) && is_name(surname) =>
        {
            surname
        }
        _ => name,
    }
}

/// The most who are addressed by name in one letter.
const MOST_NAMES: usize = 4;

/// Several who are addressed together, each by title and name: `Mayor Ruiz, Council Member Diaz and Council Member Lee`. `None` for nobody, and
/// for more than a line holds.
pub(super) fn addressed_together(each: &[String]) -> Option<String> {
    (!each.is_empty() && each.len() <= MOST_NAMES).then(|| enumerated(each))
}

/// What stands behind a surname and is none.
const SUFFIXES: [&str; 4] = ["Jr", "Sr", "Esq", "PhD"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_few_are_addressed_by_name_and_many_are_not() {
        let each = [
            "Mayor Ruiz",
            "Member Diaz",
            "Member Lee",
            "Member Ode",
            "Member Poe",
        ];
        let each = each.map(str::to_owned);
        let named = |count: usize| addressed_together(&each[..count]);
        assert_eq!(named(0), None);
        assert_eq!(named(2).as_deref(), Some("Mayor Ruiz and Member Diaz"));
        assert_eq!(
            named(3).as_deref(),
            Some("Mayor Ruiz, Member Diaz and Member Lee")
        );
        assert_eq!(named(5), None);
    }

    #[test]
    fn a_plain_name_is_addressed_by_its_surname_and_any_other_whole() {
        for (name, addressed) in [
            ("Elena Ruiz", "Ruiz"),
            ("Sam T. Okafor", "Okafor"),
            ("Mary-Ann B C. O'Neil", "O'Neil"),
            ("Robert Dale Jr", "Robert Dale Jr"),
            ("Robert Dale Jr.", "Robert Dale Jr."),
            ("John Park III", "John Park III"),
            ("María de la Cruz", "María de la Cruz"),
            ("Ana Sofía Peña", "Ana Sofía Peña"),
            ("J. Smith", "J. Smith"),
            ("Cher", "Cher"),
            ("李小龍", "李小龍"),
            ("ELENA RUIZ", "ELENA RUIZ"),
        ] {
            assert_eq!(addressed_as(name), addressed);
        }
    }
}
