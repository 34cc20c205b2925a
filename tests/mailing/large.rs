//! Letters that are larger than a server takes.

use crate::returns::Sent;
use crate::stage::{Stage, holder, post, to};
use chrono::Duration;
use mail_parser::MessageParser;
use redress_mailer::receiving::Taken;
use redress_mailer::settings::{RelaySettings, TransportSettings};
use redress_mailer::testing::{Act, Dot, Judge, Manner, Moment};
use redress_model::clock::Clock;
use redress_model::delivery::event::EventKind;
use redress_model::delivery::state::DeliveryState as State;
use redress_model::delivery::{AttemptStage, LetterVariant};
use redress_model::id::{DeliveryId, PetitionId};
use redress_model::official::Role;
use redress_storage::breakers::Heed;
use redress_storage::deliveries::{AttemptOutcome, Delivery};
use redress_storage::secrets::{SealedField, Token, TokenPurpose, bounce_address, reply_address};
use serde_json::Value;
use uuid::Uuid;

const SAID: &str = "so nothing is attached; you can download it, and this letter as one page to print, from the page named above.";

/// The mayor alone, with an approved letter; and how long that is.
async fn approved(stage: &mut Stage, has_page: bool) -> (PetitionId, usize) {
    let mayor = holder("Elena Ruiz", Some("mayor@city.example"));
    stage
        .seat(vec![post("mayor", Role::Mayor, "Mayor", "", mayor)])
        .await;
    let petition = stage.petition("forbid-it").await;
    stage.crowd(petition, 20).await;
    let directory = stage.folder.path().join("outbox");
    let freezer = stage
        .mailer_with(TransportSettings::Outbox { directory }, |settings| {
            settings.attach_printed_letter = has_page;
            settings.coming.lmtp = "127.0.0.1:0".into();
        })
        .await;
    freezer.freeze_all(petition).await.unwrap();
    stage.approve(petition).await;
    let letters = freezer.preview(petition).await.unwrap();
    (petition, letters[0].eml.len())
}

/// A relay that names the largest message that it takes.
fn relay_of_size(size: usize) -> Judge {
    let mut manner = Manner::default();
    manner.extensions.retain(|it| !it.contains("SIZE"));
    manner.extensions.push(format!("SIZE {size}"));
    Judge::open(manner).unwrap()
}

/// A letter of a petition, with its list or with a link.
async fn letter(stage: &Stage, petition: PetitionId, variant: LetterVariant) -> Delivery {
    let letters = stage.deliveries(petition).await;
    assert_eq!(letters.len(), 2, "{letters:?}");
    let mut letters = letters.into_iter();
    letters.find(|letter| letter.variant == variant).unwrap()
}

fn joined(words: &str) -> String {
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// One letter took the other's place and arrived: with the same words, ways of its own, nothing attached, and where that is instead.
async fn assert_small(stage: &Stage, petition: PetitionId, dot: &Dot) {
    let old = letter(stage, petition, LetterVariant::Letter).await;
    let new = letter(stage, petition, LetterVariant::Link).await;
    assert_eq!((old.state, new.state), (State::Superseded, State::Accepted));
    assert_eq!(old.addressee, new.addressee);

    let message = MessageParser::default().parse(&dot.bytes).unwrap();
    assert!(message.attachment(0).is_none());
    let key = stage.vault.instance_key();
    let desk = |id: DeliveryId| Token::issue(key, TokenPurpose::Desk, id.0, 0).to_string();
    let (text, html) = (message.body_text(0).unwrap(), message.body_html(0).unwrap());
    for words in [joined(&text), joined(&html)] {
        assert!(words.contains(SAID), "{words}");
        assert!(words.contains(&desk(new.id)), "{words}");
        assert!(!words.contains(&desk(old.id)), "{words}");
    }
    let own = new.envelope.unwrap().message_id;
    assert!(own.contains(".link."), "{own}");
    let named = message.message_id().unwrap();
    assert_eq!(format!("<{named}>"), own);
    let bounces = bounce_address(key, new.id, "petition.example");
    assert!(dot.mail.contains(&bounces), "{}", dot.mail);
    let answers = message.reply_to().unwrap().first().unwrap();
    let reply = reply_address(key, new.id, "petition.example");
    assert_eq!(answers.address(), Some(reply.as_str()));
    // The page is at the desk.
    let sealed = stage.store.deliveries.find_letter(new.id).await.unwrap();
    let secrets = stage.vault.petition(petition).await.unwrap();
    let opened = secrets.open(SealedField::Letter, new.id, &sealed.unwrap());
    let sealed: Value = serde_json::from_slice(&opened.unwrap()).unwrap();
    assert!(sealed["printed"]["filename"].is_string());
    assert!(sealed["attachment"].is_null());
}

#[tokio::test]
async fn what_the_server_says_that_it_does_not_take_goes_again_without_attachments() {
    for has_page in [true, false] {
        let mut stage = Stage::open().await;
        let (petition, length) = approved(&mut stage, has_page).await;
        let judge = relay_of_size(length - 1);
        let mailer = stage.mailer(to(&judge)).await;

        let carried = mailer.drain_letters().await.unwrap();

        let counted = [State::TooLarge, State::Accepted].map(|state| carried.count(state));
        assert_eq!(counted, [1, 1], "{carried:?}");
        // Of the first not a byte was said.
        assert_eq!(judge.ledger().len(), 1);
        assert_small(&stage, petition, &judge.ledger()[0]).await;
        stage.clock.wait(Duration::days(2));
        mailer.drain_letters().await.unwrap();
        assert_eq!(judge.ledger().len(), 1);
    }
}

#[tokio::test]
async fn a_letter_that_just_fits_carries_list_and_page() {
    let mut stage = Stage::open().await;
    let (petition, length) = approved(&mut stage, true).await;
    let judge = relay_of_size(length);
    let mailer = stage.mailer(to(&judge)).await;
    mailer.drain_letters().await.unwrap();
    assert_eq!(stage.states(petition).await, [State::Accepted]);
    let dot = judge.taken().remove(0);
    let message = MessageParser::default().parse(&dot.bytes).unwrap();
    assert!(message.attachment(1).is_some());
    assert!(!joined(&message.body_text(0).unwrap()).contains(SAID));
}

#[tokio::test]
async fn what_is_over_the_size_of_the_settings_goes_without_attachments() {
    let mut stage = Stage::open().await;
    let (petition, length) = approved(&mut stage, true).await;
    let judge = Judge::open(Manner::default()).unwrap();
    let relay = RelaySettings {
        port: judge.port(),
        largest: length - 1,
        ..RelaySettings::default()
    };
    let mailer = stage.mailer(TransportSettings::Smtp(relay)).await;
    mailer.drain_letters().await.unwrap();
    assert_small(&stage, petition, &judge.taken()[0]).await;
}

#[tokio::test]
async fn what_is_over_the_ceiling_of_its_domain_goes_without_attachments() {
    for is_named in [true, false] {
        let mut stage = Stage::open().await;
        let (petition, length) = approved(&mut stage, true).await;
        let judge = Judge::open(Manner::default()).unwrap();
        let mailer = stage
            .mailer_with(to(&judge), |settings| {
                if is_named {
                    let city = "city.example".to_owned();
                    settings.ceilings.insert(city, length - 1);
                } else {
                    settings.ceiling = length - 1;
                }
            })
            .await;

        let carried = mailer.drain_letters().await.unwrap();

        assert_eq!(carried.count(State::TooLarge), 1, "{carried:?}");
        // Of the first not a byte was said.
        assert_eq!(judge.ledger().len(), 1);
        assert_small(&stage, petition, &judge.ledger()[0]).await;
    }
}

#[tokio::test]
async fn what_the_server_refuses_for_its_size_at_any_moment_goes_without_attachments() {
    for (moment, said) in [
        (Moment::Sender, "5.3.4 Message size exceeds fixed limit"),
        (Moment::Recipient, "5.2.3 too long for this mailbox"),
        (Moment::Dot, "message too large"),
    ] {
        let mut stage = Stage::open().await;
        let (petition, _) = approved(&mut stage, true).await;
        let manner = Manner::with_faults(move |at, nth| {
            if at == moment && nth == 0 {
                Act::Say(552, said.into())
            } else {
                Act::Go
            }
        });
        let judge = Judge::open(manner).unwrap();
        let mailer = stage.mailer(to(&judge)).await;
        mailer.drain_letters().await.unwrap();
        assert_eq!(judge.taken().len(), 1, "{moment:?}");
        assert_small(&stage, petition, &judge.taken()[0]).await;
    }
}

#[tokio::test]
async fn what_a_server_further_on_sends_back_for_its_size_goes_without_attachments() {
    let mut stage = Stage::open().await;
    let (petition, _) = approved(&mut stage, true).await;
    let judge = Judge::open(Manner::default()).unwrap();
    let mailer = stage.mailer(to(&judge)).await;
    mailer.drain_letters().await.unwrap();
    let sent = stage.deliveries(petition).await.remove(0);
    let key = stage.vault.instance_key();
    let back = bounce_address(key, sent.id, "petition.example");
    let bounce = Sent::bounce(&back, "5.3.4");
    let taken = mailer.receive(bounce.into_bytes(), &[]).await.unwrap();
    let came_back = Taken::Recorded {
        delivery: sent.id,
        kind: EventKind::Rejected,
        state: State::BouncedHard,
    };
    assert_eq!(taken, came_back);

    mailer.drain_letters().await.unwrap();

    assert_eq!(judge.taken().len(), 2);
    assert_small(&stage, petition, &judge.taken()[1]).await;
    // Nothing is left to do for an organizer.
    let tasks = stage.store.events.list_tasks(petition, true, None, 10);
    assert_eq!(tasks.await.unwrap(), []);
    let deeds = stage.store.audit.list_deeds(0, 100).await.unwrap();
    let deeds = deeds.iter().filter(|deed| deed.action == "delivery.link");
    assert_eq!(deeds.count(), 1);
}

#[tokio::test]
async fn what_is_too_large_without_attachments_is_not_made_smaller_again() {
    let mut stage = Stage::open().await;
    let (petition, _) = approved(&mut stage, true).await;
    let manner = Manner::with_faults(|at, _| match at {
        Moment::Dot => Act::Say(552, "5.3.4 too big".into()),
        _ => Act::Go,
    });
    let judge = Judge::open(manner).unwrap();
    let mailer = stage.mailer(to(&judge)).await;
    for _ in 0..3 {
        mailer.drain_letters().await.unwrap();
        stage.clock.wait(Duration::hours(30));
    }
    assert_eq!(judge.ledger().len(), 2);
    let old = letter(&stage, petition, LetterVariant::Letter).await;
    let new = letter(&stage, petition, LetterVariant::Link).await;
    assert_eq!((old.state, new.state), (State::Superseded, State::TooLarge));
}

/// What a mailer that was killed left behind.
async fn turn_away(stage: &Stage) -> DeliveryId {
    let (deliveries, at) = (&stage.store.deliveries, stage.clock.now());
    let (token, until) = (Uuid::from_u128(1), at + Duration::minutes(5));
    let by = Heed::All.into();
    let claimed = deliveries.claim_deliveries(at, until, token, 10, by).await;
    let id = claimed.unwrap()[0].delivery.id;
    let outcome = AttemptOutcome {
        state: State::TooLarge,
        stage: AttemptStage::Sender,
        reply: Some((552, "5.3.4 too big".into())),
        queue_id: None,
        due_at: None,
        at,
    };
    let recorded = deliveries.record_outcome(id, token, &outcome).await;
    assert!(recorded.unwrap());
    id
}

#[tokio::test]
async fn two_mailers_that_find_one_letter_too_large_put_one_in_its_place() {
    let mut stage = Stage::open().await;
    let (petition, _) = approved(&mut stage, true).await;
    turn_away(&stage).await;
    let judge = Judge::open(Manner::default()).unwrap();
    let (one, other) = (
        stage.mailer(to(&judge)).await,
        stage.mailer(to(&judge)).await,
    );
    let (one, other) = tokio::join!(one.drain_letters(), other.drain_letters());
    assert!(one.is_ok() && other.is_ok());
    assert_eq!(judge.taken().len(), 1);
    assert_small(&stage, petition, &judge.taken()[0]).await;
}

#[tokio::test]
async fn one_that_cannot_be_made_smaller_blocks_nobody() {
    let mut stage = Stage::open().await;
    let (lost, _) = approved(&mut stage, true).await;
    turn_away(&stage).await;
    stage.vault.destroy(lost).await.unwrap();
    let other = stage.petition("another").await;
    stage.crowd(other, 1).await;
    let judge = Judge::open(Manner::default()).unwrap();
    let mailer = stage.mailer(to(&judge)).await;
    mailer.freeze_all(other).await.unwrap();
    stage.approve(other).await;

    mailer.drain_letters().await.unwrap();

    assert_eq!(stage.states(lost).await, [State::TooLarge]);
    assert_eq!(stage.states(other).await, [State::Accepted]);
}
