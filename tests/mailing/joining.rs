//! One letter to the whole body, for the offices that wish for it.

use crate::stage::{Signer, Stage, geoid, holder, post, sender, to};
use chrono::Duration;
use mail_parser::{Message, MessageParser, MimeHeaders};
use redress_mailer::Mailer;
use redress_mailer::testing::{Act, Dot, Judge, Manner, Moment};
use redress_model::clock::Clock;
use redress_model::delivery::LetterVariant;
use redress_model::delivery::state::DeliveryState as State;
use redress_model::id::PetitionId;
use redress_model::office_wish::{Closure, LetterPace, Whither};
use redress_model::official::Role;
use redress_model::petition::Target;
use redress_storage::breakers::Heed;
use redress_storage::deliveries::Delivery;
use redress_storage::office_wishes::{NewOfficeWish, Said};
use redress_storage::secrets::{Token, TokenPurpose};
use uuid::Uuid;

const CLERK: &str = "clerk@city.example";
const ANA: &str = "ward2@council.example";
const TOGETHER: Said = Said::Ways {
    pace: LetterPace::AtThreshold,
    whither: Whither::WholeBody,
};

/// A mayor, two wards and a clerk, all of whom can be written to.
async fn open() -> (Stage, Judge) {
    let stage = Stage::open().await;
    let member = Role::CouncilMember;
    let holders = [
        holder("Elena Ruiz", Some("mayor@city.example")),
        holder("Bo Diaz", Some("ward1@council.example")),
        holder("Ana Lee", Some(ANA)),
        holder("Ida Kent", Some(CLERK)),
    ];
    let [mayor, bo, ana, clerk] = holders;
    stage
        .seat(vec![
            post("mayor", Role::Mayor, "Mayor", "", mayor),
            post("ward/1", member, "Council Member, Ward 1", "1", bo),
            post("ward/2", member, "Council Member, Ward 2", "2", ana),
            post("clerk", Role::Clerk, "City Clerk", "", clerk),
        ])
        .await;
    (stage, Judge::open(Manner::default()).unwrap())
}

/// A batch, approved.
async fn freeze(stage: &mut Stage, mailer: &Mailer, petition: PetitionId, signers: u32) {
    stage.clock.wait(Duration::days(1));
    stage.crowd(petition, signers).await;
    mailer.freeze_all(petition).await.unwrap();
    stage.approve(petition).await;
}

/// The last letter to a seat.
async fn last(stage: &Stage, petition: PetitionId, seat: &str) -> Delivery {
    let all = stage.deliveries(petition).await.into_iter();
    let all = all.filter(|it| it.addressee.post_id.ends_with(seat));
    all.max_by_key(|it| it.batch_number).unwrap()
}

/// What an office says by the link of its last letter.
async fn say(stage: &Stage, petition: PetitionId, seat: &str, said: Said) {
    let letter = last(stage, petition, seat).await;
    let new = NewOfficeWish {
        id: Uuid::from_u128(7),
        delivery_id: letter.id,
        said,
        at: stage.clock.now(),
    };
    let wishes = &stage.store.office_wishes;
    wishes.record_office_wish(&new).await.unwrap();
}

/// One letter to each, after which the mayor and the member of ward 1 wish for one together.
async fn two_wish_so(stage: &mut Stage, mailer: &Mailer, petition: PetitionId) {
    freeze(stage, mailer, petition, 2).await;
    let drained = mailer.drain_letters().await.unwrap();
    assert_eq!(drained.count(State::Accepted), 3);
    for seat in ["mayor", "ward/1"] {
        say(stage, petition, seat, TOGETHER).await;
    }
}

/// What went to an address.
fn sent_to(judge: &Judge, address: &str) -> Vec<Dot> {
    let to = format!("RCPT TO:<{address}>");
    let all = judge.taken().into_iter();
    all.filter(|dot| dot.rcpt.starts_with(&to)).collect()
}

fn parsed(dot: &Dot) -> Message<'_> {
    MessageParser::default().parse(&dot.bytes).unwrap()
}

/// Whom it names beside its address, and its words without regard to lines.
fn read(message: &Message<'_>) -> (String, String) {
    let name = message.to().unwrap().first().unwrap().name().unwrap();
    let text = message.body_text(0).unwrap();
    let words: Vec<&str> = text.split_whitespace().collect();
    (name.to_owned(), words.join(" "))
}

#[tokio::test]
async fn two_of_three_get_one_letter_by_way_of_the_clerk_and_the_third_its_own() {
    let (mut stage, judge) = open().await;
    let mailer = stage.mailer(to(&judge)).await;
    let petition = stage.petition("forbid-it").await;
    two_wish_so(&mut stage, &mailer, petition).await;
    let elsewhere = Signer {
        district: "2",
        ..Signer::default()
    };
    let id = stage.sign(petition, elsewhere).await;
    stage.confirm(id).await;
    stage.crowd(petition, 3).await;
    let ahead = mailer.preview(petition).await.unwrap();
    freeze(&mut stage, &mailer, petition, 0).await;
    let frozen = mailer.preview(petition).await.unwrap();
    for letters in [&ahead, &frozen] {
        let whom: Vec<&str> = letters
            .iter()
            .map(|letter| letter.recipient.as_deref().unwrap())
            .collect();
        assert!(whom.len() == 2 && whom.contains(&CLERK) && whom.contains(&ANA));
    }
    let (carrier, joined) = (
        last(&stage, petition, "mayor").await,
        last(&stage, petition, "ward/1").await,
    );
    assert_eq!((carrier.state, carrier.carries), (State::Queued, 1));
    assert_eq!(
        (joined.state, joined.joined_id),
        (State::Suppressed, Some(carrier.id))
    );

    let drained = mailer.drain_letters().await.unwrap();

    assert_eq!(drained.count(State::Accepted), 2);
    assert_eq!(judge.taken().len(), 3 + 2);
    let dots = sent_to(&judge, CLERK);
    assert_eq!(dots.len(), 1);
    let message = parsed(&dots[0]);
    let (name, words) = read(&message);
    assert_eq!(name, "City Clerk, for Elena Ruiz and Bo Diaz");
    for said in [
        "Mayor Elena Ruiz Council Member Bo Diaz, Ward 1 Springfield, Colorado",
        "Dear Mayor Ruiz and Council Member Diaz,",
        "6 residents of Springfield, Colorado, ask you to",
        "signers 3 to 6, 6 in all",
        "this is one letter to all of you, by way of your clerk",
        "3 signers in this letter live in Ward 1, the district of Council Member Diaz. Counting earlier letters, 5 do.",
        "Ward 1 3 5 Ward 2 1 1 Springfield 4 6",
    ] {
        assert!(words.contains(said), "{said}: {words}");
    }
    for delivery in [&carrier, &joined] {
        let key = stage.vault.instance_key();
        let token = Token::issue(key, TokenPurpose::Desk, delivery.id.0, 0);
        let link = format!("https://petition.example/desk/{token}");
        assert!(words.contains(&link), "{link}: {words}");
    }
    assert_eq!(message.attachment_count(), 2);
    let page = message.attachment(1).unwrap();
    assert!(page.contents().starts_with(b"%PDF-"));
    assert_eq!(page.attachment_name(), Some("letter-forbid-it-batch-2.pdf"));
    let dots = sent_to(&judge, ANA);
    let (name, words) = read(&parsed(&dots[1]));
    assert_eq!(name, "Ana Lee");
    assert!(
        words.contains("Dear Council Member Lee,") && !words.contains("all of you"),
        "{words}"
    );

    let deliveries = &stage.store.deliveries;
    let buckets = deliveries.count_buckets(petition).await.unwrap();
    let all: u64 = buckets.deliveries.iter().map(|(_, count)| count).sum();
    assert_eq!((all, buckets.joined), (3 * 2, 1));
    let reached = deliveries.count_reached(petition).await.unwrap();
    assert_eq!(reached, [(geoid(), 3)]);
}

#[tokio::test]
async fn a_later_letter_answers_the_one_that_its_office_was_in() {
    let (mut stage, judge) = open().await;
    let mailer = stage.mailer(to(&judge)).await;
    let petition = stage.petition("forbid-it").await;
    two_wish_so(&mut stage, &mailer, petition).await;
    freeze(&mut stage, &mailer, petition, 1).await;
    mailer.drain_letters().await.unwrap();
    // One alone is no body: the mayor's letter goes to the clerk by itself.
    let own = Said::Ways {
        pace: LetterPace::AtThreshold,
        whither: Whither::Own,
    };
    say(&stage, petition, "ward/1", own).await;
    freeze(&mut stage, &mailer, petition, 1).await;
    mailer.drain_letters().await.unwrap();

    let clerks = sent_to(&judge, CLERK);
    let together = parsed(&clerks[0]).message_id().unwrap().to_owned();
    let (name, words) = read(&parsed(&clerks[1]));
    assert_eq!(name, "City Clerk, for Elena Ruiz");
    assert!(words.contains("Dear Mayor Ruiz,"), "{words}");
    let bos = sent_to(&judge, "ward1@council.example");
    assert_eq!((clerks.len(), bos.len()), (2, 2));
    for dot in [&clerks[1], &bos[1]] {
        let message = parsed(dot);
        assert_eq!(message.in_reply_to().as_text(), Some(together.as_str()));
    }
}

#[tokio::test]
async fn a_letter_to_several_waits_for_the_slowest_of_them() {
    let (mut stage, judge) = open().await;
    let mailer = stage.mailer(to(&judge)).await;
    let petition = stage.petition("forbid-it").await;
    two_wish_so(&mut stage, &mailer, petition).await;
    let slow = Said::Ways {
        pace: LetterPace::Weekly,
        whither: Whither::WholeBody,
    };
    say(&stage, petition, "ward/1", slow).await;
    let first = last(&stage, petition, "ward/1").await;
    freeze(&mut stage, &mailer, petition, 1).await;

    let drained = mailer.drain_letters().await.unwrap();

    assert_eq!(drained.count(State::Accepted), 1, "the third's own");
    let carrier = last(&stage, petition, "mayor").await;
    assert_eq!((carrier.state, carrier.attempts), (State::Deferred, 0));
    let due_at = first.accepted_at.unwrap() + Duration::days(7);
    assert_eq!(carrier.due_at, due_at);
    stage.clock.wait(Duration::days(6));
    let drained = mailer.drain_letters().await.unwrap();
    assert_eq!(drained.count(State::Accepted), 1);
    assert_eq!(sent_to(&judge, CLERK).len(), 1);
}

#[tokio::test]
async fn a_letter_to_several_waits_for_whoever_had_a_letter_today() {
    let (mut stage, judge) = open().await;
    let mailer = stage.mailer(to(&judge)).await;
    let petition = stage.petition("forbid-it").await;
    two_wish_so(&mut stage, &mailer, petition).await;
    let to_the_council = stage
        .petition_with("elsewhere", |terms| {
            terms.targets.retain(|it| *it == Target::CouncilMember);
        })
        .await;
    freeze(&mut stage, &mailer, to_the_council, 1).await;
    let drained = mailer.drain_letters().await.unwrap();
    assert_eq!(drained.count(State::Accepted), 2);
    stage.crowd(petition, 1).await;
    mailer.freeze_all(petition).await.unwrap();
    stage.approve(petition).await;
    let daily = stage
        .mailer_with(to(&judge), |settings| settings.pace.one_letter_a_day = true)
        .await;
    let moment = || tokio::time::sleep(std::time::Duration::from_millis(1_500));

    daily.run_letters(moment()).await.unwrap();

    // The mayor, who carries it, had none today.
    let carrier = last(&stage, petition, "mayor").await;
    assert_eq!((carrier.state, carrier.attempts), (State::Deferred, 0));
    assert_eq!(sent_to(&judge, CLERK).len(), 0);
    stage.clock.wait(Duration::days(1));
    daily.run_letters(moment()).await.unwrap();
    assert_eq!(sent_to(&judge, CLERK).len(), 1);
}

#[tokio::test]
async fn who_closes_after_the_freeze_leaves_the_others_a_letter_of_their_own() {
    for (closing, other, name, salutation) in [
        ("mayor", "ward/1", "Bo Diaz", "Dear Council Member Diaz,"),
        ("ward/1", "mayor", "Elena Ruiz", "Dear Mayor Ruiz,"),
    ] {
        let (mut stage, judge) = open().await;
        let mailer = stage.mailer(to(&judge)).await;
        let petition = stage.petition("forbid-it").await;
        two_wish_so(&mut stage, &mailer, petition).await;
        freeze(&mut stage, &mailer, petition, 1).await;
        let closed = Said::Closure(Some(Closure::Stopped));
        say(&stage, petition, closing, closed).await;

        let drained = mailer.drain_letters().await.unwrap();

        assert_eq!(drained.count(State::Accepted), 2);
        let closed = last(&stage, petition, closing).await;
        assert_eq!((closed.state, closed.joined_id), (State::Suppressed, None));
        assert_eq!(
            last(&stage, petition, other).await.state,
            State::Accepted,
            "{other}"
        );
        let dots = sent_to(&judge, CLERK);
        assert_eq!(dots.len(), 1);
        let (to_name, words) = read(&parsed(&dots[0]));
        assert_eq!(to_name, format!("City Clerk, for {name}"));
        assert!(
            words.contains(salutation) && !words.contains("all of you"),
            "{words}"
        );

        // The next one heeds it from the beginning.
        freeze(&mut stage, &mailer, petition, 1).await;
        let drained = mailer.drain_letters().await.unwrap();
        assert_eq!(drained.count(State::Accepted), 2);
        let next = last(&stage, petition, other).await;
        assert_eq!((next.state, next.carries), (State::Accepted, 0));
    }
}

#[tokio::test]
async fn who_closes_while_a_mailer_has_the_letter_is_not_in_what_is_sent() {
    let (mut stage, judge) = open().await;
    let mailer = stage.mailer(to(&judge)).await;
    let petition = stage.petition("forbid-it").await;
    two_wish_so(&mut stage, &mailer, petition).await;
    freeze(&mut stage, &mailer, petition, 1).await;
    // Another mailer has it, and dies.
    let (at, token) = (stage.clock.now(), Uuid::from_u128(1));
    let deliveries = &stage.store.deliveries;
    let until_at = at + Duration::minutes(1);
    let claimed = deliveries.claim_deliveries(at, until_at, token, 10, Heed::All.into());
    assert_eq!(claimed.await.unwrap().len(), 2);
    let closed = Said::Closure(Some(Closure::LeftOffice));
    say(&stage, petition, "ward/1", closed).await;
    assert!(last(&stage, petition, "ward/1").await.joined_id.is_some());
    stage.clock.wait(Duration::minutes(2));

    let drained = mailer.drain_letters().await.unwrap();

    assert_eq!(drained.count(State::Accepted), 2);
    assert_eq!(drained.count(State::Suppressed), 1);
    let closed = last(&stage, petition, "ward/1").await;
    assert_eq!((closed.state, closed.joined_id), (State::Suppressed, None));
    let dots = sent_to(&judge, CLERK);
    assert_eq!(dots.len(), 1);
    let (name, words) = read(&parsed(&dots[0]));
    assert_eq!(name, "City Clerk, for Elena Ruiz");
    assert!(!words.contains("Diaz"), "{words}");
}

/// The address of the desk that a letter leads to.
fn desk(stage: &Stage, delivery: &Delivery) -> String {
    let key = stage.vault.instance_key();
    let token = Token::issue(key, TokenPurpose::Desk, delivery.id.0, 0);
    format!("https://petition.example/desk/{token}")
}

/// After two batches, of which the second went to all three offices by one letter in the place of another.
async fn assert_every_office_counts_once(stage: &Stage, petition: PetitionId, carrier: &Delivery) {
    let deliveries = &stage.store.deliveries;
    let buckets = deliveries.count_buckets(petition).await.unwrap();
    let visible = buckets.deliveries.iter();
    let visible = visible.filter(|(stands, _)| *stands != State::Superseded);
    let visible: u64 = visible.map(|(_, count)| count).sum();
    assert_eq!((visible, buckets.joined), (3 * 2, 2));
    let batch = carrier.batch_id;
    let counted = deliveries.count_letters(&[batch]).await.unwrap();
    let each = [(State::Accepted, 3_u64), (State::Superseded, 1)];
    assert_eq!(counted, each.map(|(stands, count)| (batch, stands, count)));
    let joint = deliveries.count_joint(&[batch]).await.unwrap();
    assert_eq!(joint, [(batch, 3)]);
    let reached = deliveries.count_reached(petition).await.unwrap();
    assert_eq!(reached, [(geoid(), 3)]);
}

#[tokio::test]
async fn a_letter_to_the_whole_body_that_is_too_large_goes_without_attachments_for_all_of_them() {
    let (mut stage, _) = open().await;
    // After the three of the first batch comes the one to all.
    let judge = Judge::open(Manner::with_faults(|moment, nth| match (moment, nth) {
        (Moment::Dot, 3) => Act::Say(552, "5.3.4 Message size exceeds fixed limit".into()),
        _ => Act::Go,
    }))
    .unwrap();
    let mailer = stage.mailer(to(&judge)).await;
    let petition = stage.petition("forbid-it").await;
    two_wish_so(&mut stage, &mailer, petition).await;
    say(&stage, petition, "ward/2", TOGETHER).await;
    freeze(&mut stage, &mailer, petition, 3).await;
    let large = last(&stage, petition, "mayor").await;
    assert_eq!((large.state, large.carries), (State::Queued, 2));

    let drained = mailer.drain_letters().await.unwrap();

    assert_eq!(drained.count(State::TooLarge), 1);
    assert_eq!(drained.count(State::Accepted), 1);
    let all = stage.deliveries(petition).await;
    let large = all.iter().find(|it| it.id == large.id).unwrap();
    assert_eq!((large.state, large.carries), (State::Superseded, 0));
    let links = all.iter().filter(|it| it.variant == LetterVariant::Link);
    let links: Vec<&Delivery> = links.collect();
    let [link] = links[..] else {
        panic!("one letter takes its place: {links:?}");
    };
    assert_eq!((link.state, link.carries), (State::Accepted, 2));
    assert_eq!(link.addressee, large.addressee);
    let bo = last(&stage, petition, "ward/1").await;
    let ana = last(&stage, petition, "ward/2").await;
    for joined in [&bo, &ana] {
        assert_eq!(joined.state, State::Suppressed);
        assert_eq!(joined.joined_id, Some(link.id));
    }
    assert_every_office_counts_once(&stage, petition, link).await;

    // The same words to the same people, each with the link of their own, and nothing attached.
    let dots = sent_to(&judge, CLERK);
    assert_eq!((dots.len(), judge.ledger().len()), (1, 3 + 2));
    let message = parsed(&dots[0]);
    assert_eq!(message.attachment_count(), 0);
    let (name, words) = read(&message);
    let whole_body = "City Clerk, for the whole body: Elena Ruiz, Bo Diaz and Ana Lee";
    assert_eq!(name, whole_body);
    for said in [
        "Dear Mayor Ruiz, Council Member Diaz and Council Member Lee,",
        "so nothing is attached; you can download it, and this letter as one page to print, from each of the pages named above.",
        &desk(&stage, link),
        &desk(&stage, &bo),
        &desk(&stage, &ana),
    ] {
        assert!(words.contains(said), "{said}: {words}");
    }
    assert!(!words.contains(&desk(&stage, large)), "{words}");
    let own = message.message_id().unwrap();
    assert!(own.contains(".link."), "{own}");

    // It went once, and the next one answers it.
    freeze(&mut stage, &mailer, petition, 1).await;
    mailer.drain_letters().await.unwrap();
    let later = sent_to(&judge, CLERK);
    assert_eq!((later.len(), judge.ledger().len()), (2, 3 + 2 + 1));
    let next = parsed(&later[1]);
    assert_eq!(next.in_reply_to().as_text(), Some(own));
    assert!(next.attachment_count() > 0);
}

#[tokio::test]
async fn a_letter_to_several_that_was_frozen_before_the_sender_was_named_leaves_with_the_name() {
    let (mut stage, judge) = open().await;
    let mailer = stage.mailer(to(&judge)).await;
    let petition = stage
        .petition_with("forbid-it", |terms| terms.sender = None)
        .await;
    stage.crowd(petition, 1).await;
    mailer.freeze_all(petition).await.unwrap();
    for seat in ["mayor", "ward/1", "ward/2"] {
        say(&stage, petition, seat, TOGETHER).await;
    }
    stage.crowd(petition, 1).await;
    mailer.freeze_all(petition).await.unwrap();
    let found = stage.store.petitions.find_petition(petition).await.unwrap();
    let mut terms = found.unwrap().terms;
    terms.sender = Some(sender());
    let deed = stage.deed("petition.terms");
    let petitions = &stage.store.petitions;
    let named = petitions.record_terms(petition, &terms, &deed);
    named.await.unwrap();
    stage.approve(petition).await;

    let drained = mailer.drain_letters().await.unwrap();

    assert_eq!(drained.count(State::Accepted), 3 + 1);
    let dots = sent_to(&judge, CLERK);
    assert_eq!(dots.len(), 1);
    let (name, words) = read(&parsed(&dots[0]));
    assert_eq!(
        name,
        "City Clerk, for the whole body: Elena Ruiz, Bo Diaz and Ana Lee"
    );
    for said in [
        "Dear Mayor Ruiz, Council Member Diaz and Council Member Lee,",
        "In the districts of your seats:",
        "Open Doors Coalition 12 Elm Street",
    ] {
        assert!(words.contains(said), "{said}: {words}");
    }
    assert!(!words.contains("not named yet"), "{words}");
}
