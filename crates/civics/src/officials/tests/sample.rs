//! The sample county's officials, whose faults are known.

use super::{answers, day};
use crate::officials::{Gatherer, Layout};
use crate::sample;

#[test]
fn the_sample_county_is_answered_seat_by_seat() {
    let folder = tempfile::tempdir().unwrap();
    let plan = sample::Plan { seed: 11, scale: 1 };
    let written = sample::write(folder.path(), plan, &mut |_, _| ()).unwrap();
    let file = std::fs::File::open(folder.path().join("officials.csv")).unwrap();
    // Any GEOID does: the divisions' own are another module's work.
    let geoid = |division: &str| {
        Some(
            if division.contains("/place:") {
                "9900199999"
            } else {
                "99001"
            }
            .to_owned(),
        )
    };
    let mut gatherer = Gatherer::new();
    let mut notices = Vec::new();
    let taken = gatherer
        .read_csv(
            file,
            "officials.csv",
            &Layout::default(),
            &geoid,
            &mut |notice| notices.push(notice),
        )
        .unwrap();
    assert_eq!((taken, notices), (written.posts + 1, vec![]));
    let directory = gatherer.finish();
    let counts = directory.counts(day("2026-06-01"));
    assert_eq!(
        (
            counts.posts,
            counts.vacant,
            counts.ended,
            counts.seat_unknown
        ),
        (written.posts, 1, 1, 0)
    );
    assert_eq!(counts.without_email, 1);
    let wards = directory.jurisdictions().find(|(_, jurisdiction)| {
        jurisdiction
            .posts
            .iter()
            .filter(|post| post.id.contains("/council_member/"))
            .count()
            == 7
    });
    let told = answers(&directory, wards.unwrap().0, "2026-06-01");
    assert_eq!(told.len(), 10, "{told:?}");
    assert_eq!(told[3], "council_member/3: nobody vacant");
    assert!(
        told[5].starts_with("council_member/5: ") && told[5].ends_with(" term_ended"),
        "{told:?}"
    );
    assert!(
        told[7].starts_with("council_member/at_large/1: "),
        "{told:?}"
    );
    assert!(told[9].starts_with("clerk: "), "{told:?}");
}
