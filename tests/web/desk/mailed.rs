//! What the mailer froze is what the desk opens.

use crate::stage::Stage;
use redress_letters::list::hashes::sha256;
use redress_mailer::settings::MailerSettings;
use redress_mailer::{Mailer, Parts};
use redress_model::comment::CommentReview;
use redress_model::delivery::state::DeliveryState;
use redress_model::geoid::Geoid;
use redress_model::role::MemberRole;
use redress_storage::batches::Batch;
use redress_storage::deliveries::{Delivery, DeliveryFilter};
use redress_storage::signatures::Withdrawal;

impl Stage {
    async fn mailer(&self) -> Mailer {
        // Nobody is spoken to: it freezes and writes, and sends nothing.
        let settings = MailerSettings::default();
        let parts = Parts {
            store: self.store.clone(),
            vault: self.vault.clone(),
            clock: self.clock.clone(),
            random: Box::new(self.random.clone()),
            settings,
            public_url: "https://petition.example".into(),
        };
        Mailer::new(parts).await.expect("a mailer")
    }

    /// A batch with its letters, approved; those without an address brought by hand.
    async fn carry(&self, number: u32) -> (Batch, Vec<Delivery>) {
        let (petition, deed) = (self.forbid_it().await.id, self.deed("test", "forbid-it"));
        let batches = &self.store.batches;
        let found = batches.find_batch(petition, number).await;
        let batch = found.expect("found").expect("there");
        let approved = batches.approve_batch(batch.id, &deed).await;
        approved.expect("approved");
        let filter = DeliveryFilter {
            batch: Some(batch.id),
            state: None,
        };
        let deliveries = &self.store.deliveries;
        let letters = deliveries.list_deliveries(petition, filter, None, 100);
        let letters = letters.await.expect("listed");
        for letter in &letters {
            let (from, to) = (DeliveryState::NoContact, DeliveryState::DeliveredByHand);
            let note = Some("at the counter");
            let done = deliveries.decide_delivery(letter.id, from, to, note, &deed);
            done.await.expect("decided");
        }
        (batch, letters)
    }
}

#[tokio::test]
async fn a_list_of_the_mailer_is_written_again_to_the_byte() {
    let stage = Stage::open().await;
    let geoid = Geoid::parse(&stage.known().await.geoid).expect("a GEOID");
    let (petition, mailer) = (stage.forbid_it().await.id, stage.mailer().await);
    let ana = stage.sign_openly("Ana Ruiz", Some("Enough.")).await;
    stage.sign_openly("Ben Roth", None).await;
    assert_eq!(mailer.freeze(petition, &geoid).await.expect("frozen"), [1]);
    stage.carry(1).await;
    let withdrawal = Withdrawal {
        id: ana.signature_id,
        at: stage.now(),
    };
    let withdrawn = stage.store.signatures.withdraw(&[withdrawal]).await;
    withdrawn.expect("withdrawn");
    stage
        .sign_openly("Cid Ames", Some("Really, \"enough\"."))
        .await;
    assert_eq!(mailer.freeze(petition, &geoid).await.expect("frozen"), [2]);
    let (batch, letters) = stage.carry(2).await;

    let desk = stage.desk(letters[0].id);
    let page = stage.get(&desk).await.text;
    assert!(page.contains("delivered by hand on 2 Mar 2026"), "{page}");
    assert!(page.contains("Really, ") && !page.contains("Enough."));
    let words = stage.get(&format!("{desk}/letters/2")).await.text;
    assert!(words.contains("letter 2"), "{words}");
    let path = format!("{desk}/lists/2.csv");
    let attached = stage.get(&path).await;
    assert_eq!(sha256(&attached.bytes), batch.csv_sha256);
    assert!(attached.text.contains("withdrawn"), "{}", attached.text);
    let dropped = stage.store.batches.drop_attachments(stage.now(), 10).await;
    assert_eq!(dropped.expect("dropped"), 2);
    assert_eq!(stage.get(&path).await.bytes, attached.bytes);
    let verdict = stage.verify(&desk, &attached.bytes).await.text;
    assert!(verdict.contains("This is batch 2, unchanged"), "{verdict}");
}

#[tokio::test]
async fn words_reach_an_office_once_a_reviewer_has_passed_them() {
    let mut stage = Stage::open().await;
    let geoid = Geoid::parse(&stage.known().await.geoid).expect("a GEOID");
    let (petition, mailer) = (stage.forbid_it().await.id, stage.mailer().await);
    let said = ["A passed word.", "An unseen word.", "A refused word."];
    let mut mails = Vec::new();
    for (name, words) in ["Ana Ruiz", "Ben Roth", "Cid Ames"].into_iter().zip(said) {
        mails.push(stage.sign_unreviewed(name, Some(words)).await);
    }
    let rita = stage.organizer(MemberRole::Reviewer).await;
    for (button, mail) in [("pass", &mails[0]), ("refuse", &mails[2])] {
        let id = mail.signature_id.to_string();
        let path = "/console/p/forbid-it/comments";
        stage.submit(&rita, path, &[(button, &id)]).await;
    }
    assert_eq!(mailer.freeze(petition, &geoid).await.expect("frozen"), [1]);
    let (batch, letters) = stage.carry(1).await;

    let desk = stage.desk(letters[0].id);
    let list = format!("{desk}/lists/1.csv");
    for path in [&desk, &format!("{desk}/letters/1"), &list] {
        let page = stage.get(path).await.text;
        assert!(page.contains(said[0]), "{path}: {page}");
        for words in &said[1..] {
            assert!(!page.contains(words), "{path}: {page}");
        }
    }
    let before = stage.get(&list).await.bytes;
    assert_eq!(sha256(&before), batch.csv_sha256);

    // What was frozen stays; the desk's own page says only what is passed still.
    stage.review(&mails[0], CommentReview::Refused).await;
    stage.review(&mails[1], CommentReview::Passed).await;
    let page = stage.get(&desk).await.text;
    assert!(said.iter().all(|words| !page.contains(words)), "{page}");
    assert_eq!(stage.get(&list).await.bytes, before);
    let public = stage.get("/p/forbid-it").await.text;
    assert!(said.iter().all(|words| !public.contains(words)));
    stage.review(&mails[0], CommentReview::Passed).await;
    assert!(stage.get(&desk).await.text.contains(said[0]));
}
