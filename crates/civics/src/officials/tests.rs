//! Lists of officials as they are found, and what is answered from them.

mod answers;
mod formats;
mod people;
mod properties;
mod proposing;
mod reading;
mod sample;
mod several;

use super::{Directory, Gatherer, Layout, Notice};
use chrono::NaiveDate;

pub(super) fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// A directory from files without a layout of their own, and what was said about their rows.
pub(super) fn read(files: &[&str]) -> (Directory, Vec<Notice>) {
    let mut gatherer = Gatherer::new();
    let mut notices = Vec::new();
    for (number, text) in files.iter().enumerate() {
        let origin = format!("list-{number}.csv");
        let mut report = |notice| notices.push(notice);
        let layout = Layout::default();
        gatherer
            .read_csv(text.as_bytes(), &origin, &layout, &|_| None, &mut report)
            .unwrap();
    }
    (gatherer.finish(), notices)
}

/// A directory from files whose every row is good.
pub(super) fn directory(files: &[&str]) -> Directory {
    let (directory, notices) = read(files);
    assert_eq!(notices, []);
    directory
}

/// Who is answered for a jurisdiction on a day: `id: name [reasons]`.
pub(super) fn answers(directory: &Directory, geoid: &str, on: &str) -> Vec<String> {
    let posts = directory.posts_of(geoid).iter();
    let answers = posts.flat_map(|post| post.answers(day(on)));
    let told = answers.map(|answer| {
        let name = answer
            .person
            .map_or("nobody".to_owned(), |person| person.name);
        let reasons: Vec<&str> = answer
            .reasons
            .iter()
            .map(|reason| reason.as_str())
            .collect();
        let id = answer
            .id
            .strip_prefix(geoid)
            .unwrap()
            .trim_start_matches('/')
            .to_owned();
        format!("{id}: {name} {}", reasons.join(" "))
            .trim_end()
            .to_owned()
    });
    told.collect()
}
