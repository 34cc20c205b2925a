//! Sixty-four writers before two processes, most of whom are somebody who signs already.

use crate::crowd::Answers;
use crate::ground::{Engine, Ground, turns};
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use std::sync::atomic::{AtomicUsize, Ordering};

const WRITERS: usize = 64;

/// Spelled apart, so that nothing here reads like an address of somebody.
const GMAIL: &str = "gmail.com";
const GOOGLEMAIL: &str = "googlemail.com";

/// Spellings of one mailbox.
fn spellings(number: usize) -> [String; 4] {
    [
        format!("member{number}@{GMAIL}"),
        format!("Mem.ber.{number}@{GMAIL}"),
        format!("member{number}+sign@{GMAIL}"),
        format!("MEMBER.{number}+2@{GOOGLEMAIL}"),
    ]
}

/// Each mailbox is one of four kinds, each submitted twelve times in all its spellings:
///
/// 0. three names at one ZIP: two count;
/// 1. three names at three ZIPs: the first counts;
/// 2. one name: it counts once;
/// 3. two names at one ZIP: both count.
fn sixty_four_writers(engine: Engine) {
    let ground = Ground::with_petition(engine, "no-deals", "none");
    let servers = [ground.serve(), ground.serve()];
    let mailboxes = turns(240, 2_400) / 4 * 4;
    let mut people = Vec::new();
    for number in 0..mailboxes {
        let at_home = ground.person(number);
        for turn in 0..12 {
            let name = match number % 4 {
                0 | 1 => ["Ana", "Bo", "Cy"][turn % 3],
                2 => "Ana",
                _ => ["Ana", "Bo"][turn % 2],
            };
            let email = &spellings(number)[turn / 3];
            let person = at_home.called(format!("{name} Number{number}"), email);
            people.push(if number % 4 == 1 {
                person.in_zip(format!("4500{}", turn % 3 + 1))
            } else {
                person
            });
        }
    }
    // Those of one mailbox come at once: within a few hundred, in any order.
    let mut random = ChaCha20Rng::seed_from_u64(64);
    for start in (0..people.len()).step_by(240) {
        let end = (start + 240).min(people.len());
        for at in start..end {
            let other = start + usize::try_from(random.next_u32()).unwrap() % (end - start);
            people.swap(at, other);
        }
    }
    let (next, answers) = (AtomicUsize::new(0), Answers::default());
    std::thread::scope(|scope| {
        for writer in 0..WRITERS {
            let (server, next, people, answers) =
                (&servers[writer % 2].address, &next, &people, &answers);
            scope.spawn(move || {
                while let Some(person) = people.get(next.fetch_add(1, Ordering::Relaxed)) {
                    answers.note(&person.sign(server, "no-deals").expect("an answer"));
                }
            });
        }
    });

    let told = answers.assert_fit();
    assert_eq!(answers.of(202), people.len(), "{told}");
    let counted = ground.assert_sound("no-deals");
    println!(
        "{engine:?}: {WRITERS} writers, 2 processes, {} submissions of {mailboxes} mailboxes: {counted} count; answers {told}, p99 {:?}",
        people.len(),
        answers.p99()
    );
    assert_eq!(counted, mailboxes / 4 * (2 + 1 + 1 + 2));
}

#[test]
fn sixty_four_writers_count_nobody_twice_on_sqlite() {
    sixty_four_writers(Engine::Sqlite);
}

#[test]
fn sixty_four_writers_count_nobody_twice_on_postgresql() {
    sixty_four_writers(Engine::Postgres);
}
