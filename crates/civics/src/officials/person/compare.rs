//! Whether two names are one person's.

use super::name::PersonName;
use super::nickname;

/// How alike two names are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Likeness {
    /// Of two people.
    Other,
    /// Of one person, or of two: somebody has to look.
    Unclear,
    /// Two spellings of one name.
    Same,
}

/// Compares two names, whichever comes first.
pub(crate) fn compare(one: &PersonName, other: &PersonName) -> Likeness {
    if let (Some(first), Some(second)) = (one.generation, other.generation)
        && first != second
    {
        return Likeness::Other;
    }
    if one.words.is_empty() || other.words.is_empty() {
        return Likeness::Other;
    }
    // `De la Cruz` and `Delacruz`, `Mary-Ann` and `Mary Ann`: only the spaces differ.
    if one.words.concat() == other.words.concat() {
        return Likeness::Same;
    }
    let is_one_way = one.family == other.family;
    let first = first_names(one, other);
    let middle = middle_names(one, other);
    match (is_one_way, first, middle) {
        (true, Likeness::Same, middle) => middle,
        // Bob Lane and Robert M. Lane; whoever has another name in the middle is another.
        (true, Likeness::Unclear, Likeness::Same | Likeness::Unclear) => Likeness::Unclear,
        (true, Likeness::Unclear, Likeness::Other) => Likeness::Other,
        (true, Likeness::Other, _) => by_second_name(one, other),
        (false, first, middle) => other_family(one, other, first, middle),
    }
}

/// First names, one of which may be an initial, a short form or what the person is called.
fn first_names(one: &PersonName, other: &PersonName) -> Likeness {
    let (Some(first), Some(second)) = (one.given.first(), other.given.first()) else {
        let are_both_bare = one.given.is_empty() && other.given.is_empty();
        return if are_both_bare {
            Likeness::Same
        } else {
            Likeness::Unclear
        };
    };
    if first == second {
        return Likeness::Same;
    }
    let is_called = one.called.contains(second) || other.called.contains(first);
    let share_a_call = one.called.iter().any(|name| other.called.contains(name));
    if is_called {
        return Likeness::Same;
    }
    let is_near = may_be_initial(first, second)
        || nickname::are_alike(first, second)
        || share_a_call
        || spelled_alike(first, second);
    if is_near {
        Likeness::Unclear
    } else {
        Likeness::Other
    }
}

/// What stands between first and family name: the same, an initial of it, or left out by one.
fn middle_names(one: &PersonName, other: &PersonName) -> Likeness {
    let middle = |name: &PersonName| name.given.iter().skip(1).cloned().collect::<Vec<_>>();
    let (first, second) = (middle(one), middle(other));
    let agrees = |(one, other): (&String, &String)| one == other || may_be_initial(one, other);
    if first.iter().zip(&second).all(agrees) {
        return Likeness::Same;
    }
    // `Ana Maria Ruiz` and `Ana M. Luz Ruiz`: one of them may have left one out.
    let known = |names: &[String], name: &String| names.iter().any(|other| agrees((name, other)));
    let (short, long) = if first.len() < second.len() {
        (first, second)
    } else {
        (second, first)
    };
    if short.len() < long.len() && short.iter().all(|name| known(&long, name)) {
        return Likeness::Unclear;
    }
    let is_misspelled = short
        .iter()
        .zip(&long)
        .all(|(one, other)| agrees((one, other)) || spelled_alike(one, other));
    if is_misspelled {
        Likeness::Unclear
    } else {
        Likeness::Other
    }
}

/// `J. Marcus Webb` and `Marcus Webb`.
fn by_second_name(one: &PersonName, other: &PersonName) -> Likeness {
    let goes_by_second = |name: &PersonName, other: &PersonName| {
        let second = name.given.get(1);
        second
            .is_some_and(|second| second.chars().count() > 1 && other.given.first() == Some(second))
    };
    if goes_by_second(one, other) || goes_by_second(other, one) {
        Likeness::Unclear
    } else {
        Likeness::Other
    }
}

/// Names whose last words differ: another order, one of two family names, a misspelling.
fn other_family(
    one: &PersonName,
    other: &PersonName,
    first: Likeness,
    middle: Likeness,
) -> Likeness {
    let sorted = |name: &PersonName| {
        let mut words = name.words.clone();
        words.sort();
        words
    };
    let is_turned = one.words.len() > 1 && sorted(one) == sorted(other);
    let shares_family = first == Likeness::Same && is_part_of_family(one, other);
    let is_misspelled = first == Likeness::Same
        && middle != Likeness::Other
        && spelled_alike(&one.family, &other.family);
    let is_transcribed = first != Likeness::Other
        && middle != Likeness::Other
        && umlauts(&one.family) == umlauts(&other.family);
    if is_turned || shares_family || is_misspelled || is_transcribed {
        Likeness::Unclear
    } else {
        Likeness::Other
    }
}

/// `Ana Ruiz` and `Ana Ruiz-Lopez`, or `Ana Ruiz Lopez`.
fn is_part_of_family(one: &PersonName, other: &PersonName) -> bool {
    let names = |name: &PersonName| -> Vec<String> {
        let middle = name
            .given
            .iter()
            .skip(1)
            .filter(|word| word.chars().count() > 1);
        middle.chain(&name.family_words).cloned().collect()
    };
    let (first, second) = (names(one), names(other));
    first.contains(&other.family)
        || second.contains(&one.family)
        || one.family_words.len() > 1 && one.family_words.contains(&other.family)
        || other.family_words.len() > 1 && other.family_words.contains(&one.family)
}

fn may_be_initial(one: &str, other: &str) -> bool {
    let is_initial = |short: &str, long: &str| {
        short.chars().count() == 1 && long.chars().next() == short.chars().next()
    };
    is_initial(one, other) || is_initial(other, one)
}

/// `ue` for `ü` and the like, however each of the two is written.
fn umlauts(word: &str) -> String {
    word.replace("ae", "a")
        .replace("oe", "o")
        .replace("ue", "u")
}

/// One slip of the pen in a long word.
fn spelled_alike(one: &str, other: &str) -> bool {
    let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    let (short, long) = if one.len() <= other.len() {
        (one, other)
    } else {
        (other, one)
    };
    if short.len() < 5 || long.len() - short.len() > 1 {
        return false;
    }
    let same = short
        .iter()
        .zip(&long)
        .take_while(|(one, other)| one == other)
        .count();
    let (short, long) = (&short[same..], &long[same..]);
    let is_turned = short.len() == long.len()
        && short.len() > 1
        && short[0] == long[1]
        && short[1] == long[0]
        && short[2..] == long[2..];
    let is_changed = short.len() == long.len() && short.get(1..) == long.get(1..);
    let is_left_out = short.len() < long.len() && short == &long[1..];
    is_turned || is_changed || is_left_out
}
