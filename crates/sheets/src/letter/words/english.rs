//! A printed letter in English.

use super::readers::{lines, spoken_to};
use super::{Cleaned, Count, Said};
use crate::list::long_date_english as long_date;
use std::fmt::Write;

/// Every sentence; what is the same in all languages is filled in by the caller.
pub(super) fn said(l: &Cleaned<'_>) -> Said {
    let view = l.view;
    Said {
        heading: format!("Letter {}: {}", view.letter, l.petition),
        organization: String::new(),
        sender: String::new(),
        date: long_date(view.dated_on),
        addressee: addressee(l),
        which: which(l),
        salutation: salutation(l),
        opening: opening(l),
        caution: (!view.needs_confirmation).then(|| {
            "This petition counts signatures that are not confirmed by e-mail. Please read every number in this letter with that in mind.".to_owned()
        }),
        ask_heading: "What the petition says".to_owned(),
        ask: Vec::new(),
        ask_goes_on: false,
        cut: "(the whole text is in the message and on the petition’s page)".to_owned(),
        standing: standing(l),
        new: "in this letter".to_owned(),
        total: "in all".to_owned(),
        rows: Vec::new(),
        districts: Vec::new(),
        more_districts: "other districts: see the message".to_owned(),
        known_heading: "How the signers in this letter are known".to_owned(),
        known: known(l),
        answer: format!(
            "To answer, reply to our message, or write to {} or to the address above. Please use the signers’ names to consider this petition and for nothing else.",
            l.contact
        ),
        closing: "Respectfully,".to_owned(),
        verify: format!(
            "Batch {} on the public record: all letters about this petition, and a way to check that a list of signers is the one we sent.",
            Count(view.batch)
        ),
        verify_url: String::new(),
        hashes: Vec::new(),
        foot: "of the list of signers".to_owned(),
    }
}

fn salutation(l: &Cleaned<'_>) -> String {
    let reader = &l.reader;
    if l.body.is_empty() {
        return match &reader.name {
            Some(_) => format!("Dear {} {},", reader.title, reader.addressed_as),
            None => format!("To the office of the {},", reader.office()),
        };
    }
    let together = spoken_to(&l.body, "and", |one| {
        let named = one.name.as_ref();
        named.map(|_| format!("{} {}", one.title, one.addressed_as))
    });
    match together {
        Some(together) => format!("Dear {together},"),
        None => format!("Dear members of the governing body of {},", l.place),
    }
}

fn addressee(l: &Cleaned<'_>) -> Vec<String> {
    let place = format!("{}, {}", l.place, l.state);
    if l.body.is_empty() {
        let name = l.reader.name.iter().cloned();
        return name.chain([l.reader.office(), place]).collect();
    }
    let (mut lines, more) = lines(&l.body);
    if more > 0 {
        lines.push(format!("and {more} more, named in the message"));
    }
    lines.push(place);
    lines
}

fn which(l: &Cleaned<'_>) -> String {
    let view = l.view;
    let part = if view.parts > 1 {
        format!(", part {} of {}", view.part, view.parts)
    } else {
        String::new()
    };
    let signers = if view.count == 1 {
        format!("signer {}", Count(view.first))
    } else {
        format!("signers {} to {}", Count(view.first), Count(view.last))
    };
    format!(
        "Letter {}{part} · {signers} · {} in all",
        Count(view.letter),
        Count(view.total)
    )
}

fn opening(l: &Cleaned<'_>) -> String {
    let (view, total) = (l.view, Count(l.view.total));
    let whom = if view.reader.is_clerk {
        "their local government"
    } else {
        "you"
    };
    let mut text = format!(
        "{total} {} of {}, {}, {} {whom} to {}. {} signed the petition “{}”, and we write on their behalf.",
        total.pick("resident", "residents"),
        l.place,
        l.state,
        total.pick("asks", "ask"),
        l.ask_line,
        total.pick("This person has", "They have"),
        l.petition,
    );
    if view.letter > 1 {
        let new = Count(view.new_since_last);
        let have = new.pick("has", "have");
        let _ = write!(text, " {new} {have} signed since our last letter.");
    }
    if !l.body.is_empty() {
        text += " As your offices wish, this is one letter to all of you, by way of your clerk.";
    }
    if view.reader.is_clerk {
        text += " Please place this letter with the communications from the public for the next meeting of the governing body.";
    }
    text
}

fn standing(l: &Cleaned<'_>) -> Option<String> {
    let standing = l.view.standing.as_ref()?;
    let matter = super::one_line(&standing.matter, 160);
    if !standing.exists {
        return Some(format!(
            "As far as we know, {} does not have {matter} today. If we are mistaken, please tell us, and we will correct our record.",
            l.place
        ));
    }
    let since = standing.since_on.map(long_date);
    let since = since.map_or_else(String::new, |day| format!(", known since {day}"));
    let source = standing
        .source
        .as_deref()
        .map(|it| super::one_line(it, 100));
    let source = source.map_or_else(String::new, |source| format!(" (source: {source})"));
    Some(format!(
        "As far as we know, {} has {matter}{since}{source}. If that is no longer so, please tell us, and we will correct our record.",
        l.place
    ))
}

fn known(l: &Cleaned<'_>) -> Vec<String> {
    let verified = l.view.verified;
    [
        (
            verified.confirmed,
            "confirmed by e-mail, address on the map",
        ),
        (
            verified.unconfirmed,
            "not confirmed by e-mail, address on the map",
        ),
        (verified.self_asserted, "told us their city or district"),
        (verified.paper, "signed on paper"),
    ]
    .into_iter()
    .filter(|(count, _)| *count > 0)
    .map(|(count, how)| format!("{} {how}", Count(count)))
    .collect()
}
