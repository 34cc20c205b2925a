//! One message to the addresses of several letters.

use crate::returns::speak;
use crate::stage::{Stage, to};
use redress_mailer::Mailer;
use redress_mailer::receiving::Lmtp;
use redress_mailer::testing::{Judge, Manner};
use redress_model::delivery::event::EventKind;
use redress_model::delivery::state::DeliveryState as State;
use redress_model::id::DeliveryId;
use redress_storage::secrets::reply_address;
use tokio::sync::watch;

/// Letters to a mayor and to a member of the council, which a relay took.
struct Two {
    stage: Stage,
    mailer: Mailer,
    letters: [DeliveryId; 2],
}

impl Two {
    async fn new() -> Self {
        let mut stage = Stage::open().await;
        let petition = stage.petition("forbid-it").await;
        stage.crowd(petition, 2).await;
        let judge = Judge::open(Manner::default()).unwrap();
        let mailer = stage.mailer(to(&judge)).await;
        mailer.freeze_all(petition).await.unwrap();
        stage.approve(petition).await;
        let carried = mailer.drain_letters().await.unwrap();
        assert_eq!(carried.count(State::Accepted), 2);
        let all = stage.deliveries(petition).await;
        let sent = all.iter().filter(|it| it.state == State::Accepted);
        let letters: Vec<DeliveryId> = sent.map(|it| it.id).collect();
        Self {
            stage,
            mailer,
            letters: letters.try_into().unwrap(),
        }
    }

    fn addresses(&self) -> [String; 2] {
        let key = self.stage.vault.instance_key();
        self.letters
            .map(|id| reply_address(key, id, "petition.example"))
    }

    /// Somebody answers both letters at once.
    fn answer(&self) -> String {
        let [one, other] = self.addresses();
        format!(
            "From: Ida Kent <clerk@city.example>\r\nTo: {one}, {other}\r\nX-Original-To: {one}\r\n\
             Subject: Re: your letters\r\n\r\nWe will look at both.\r\n"
        )
    }

    async fn kinds(&self) -> [Vec<EventKind>; 2] {
        let mut kinds = [Vec::new(), Vec::new()];
        for (kinds, id) in kinds.iter_mut().zip(self.letters) {
            let events = self.stage.store.events.list_events(id).await.unwrap();
            kinds.extend(events.iter().map(|event| event.kind));
        }
        kinds
    }

    /// Hands a message over to some recipients; the answers after the dot.
    async fn hand_over(&self, recipients: &[&str], message: &str) -> Vec<String> {
        let lmtp = Lmtp::open("127.0.0.1:0").await.unwrap();
        let address = lmtp.address().unwrap();
        let (order, stopped) = watch::channel(false);
        let speaking = async {
            let mut lines = vec!["LHLO mx".to_owned(), "MAIL FROM:<>".to_owned()];
            lines.extend(recipients.iter().map(|it| format!("RCPT TO:<{it}>")));
            lines.push("DATA".to_owned());
            lines.push(message.to_owned());
            lines.push(".".to_owned());
            // The greeting, and an answer to LHLO, MAIL, each RCPT and DATA.
            let before = 4 + recipients.len();
            let mut codes = speak(address, &lines, before + recipients.len()).await;
            order.send_replace(true);
            codes.split_off(before)
        };
        let (served, codes) = tokio::join!(lmtp.serve(&self.mailer, stopped), speaking);
        served.unwrap();
        codes
    }
}

#[tokio::test]
async fn over_lmtp_each_recipients_letter_gets_its_event_whatever_the_headers_say() {
    let two = Two::new().await;
    let [one, other] = two.addresses();
    let answer = two.answer();
    let both = [[EventKind::Reply], [EventKind::Reply]].map(Vec::from);

    let codes = two.hand_over(&[&other, &one], &answer).await;

    assert_eq!(codes, ["250", "250"]);
    assert_eq!(two.kinds().await, both);
    // Handed over once more, and to one of them alone, it is known.
    for recipients in [vec![one.as_str(), other.as_str()], vec![other.as_str()]] {
        let codes = two.hand_over(&recipients, &answer).await;
        assert!(codes.iter().all(|code| code == "250"), "{codes:?}");
        assert_eq!(two.kinds().await, both);
    }
}

#[tokio::test]
async fn a_recipient_is_believed_before_the_headers_of_another_letter() {
    let two = Two::new().await;
    let [_, other] = two.addresses();

    // The headers name the first letter first.
    let codes = two.hand_over(&[&other], &two.answer()).await;

    assert_eq!(codes, ["250"]);
    assert_eq!(two.kinds().await, [vec![], vec![EventKind::Reply]]);
}

#[tokio::test]
async fn in_a_maildir_nobody_says_to_whom_it_came_and_the_first_that_is_named_counts() {
    let two = Two::new().await;
    let directory = two.stage.folder.path().join("coming");
    for name in ["tmp", "new", "cur"] {
        std::fs::create_dir_all(directory.join(name)).unwrap();
    }
    std::fs::write(directory.join("new/1.a"), two.answer()).unwrap();

    let picked = two.mailer.pick_up_once(&directory).await.unwrap();

    assert_eq!(picked.recorded, 1);
    assert_eq!(two.kinds().await, [vec![EventKind::Reply], vec![]]);
}
