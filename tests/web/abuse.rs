//! What holds off abuse while people sign: whoever is rejected sees success.

use crate::stage::{Answer, PROXY, Stage};
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{Method, Request, StatusCode};
use chrono::Duration;
use redress_model::signature::RejectionReason;
use redress_storage::signatures::{Signature, SignatureFilter};
use serde_json::Value;
use std::net::{IpAddr, SocketAddr};

const SIGN: &str = "/api/v1/petitions/forbid-it/signatures";

impl Stage {
    /// Signs from a socket, with what proxies say.
    pub async fn sign_from(&self, socket: &str, forwarded: &[&str], signer: &Value) -> Answer {
        // Ids of one millisecond are in no order.
        self.clock.pass(Duration::milliseconds(1));
        let mut request = Request::builder()
            .method(Method::POST)
            .uri(SIGN)
            .header("host", "petition.example")
            .header("content-type", "application/json");
        for line in forwarded {
            request = request.header("x-forwarded-for", *line);
        }
        let address: IpAddr = socket.parse().expect("an address");
        let request = request.extension(ConnectInfo(SocketAddr::from((address, 4000))));
        let request = request.body(Body::from(signer.to_string()));
        self.ask(request.expect("a request")).await
    }

    /// Everything that was stored of the petition, oldest first.
    pub async fn signatures(&self) -> Vec<Signature> {
        let petition = self.found("forbid-it").await;
        let filter = SignatureFilter::of(petition.id);
        let listed = self.store.signatures.list_signatures(&filter, None, 1_000);
        listed.await.expect("listed")
    }

    /// Why each that was stored was rejected.
    pub async fn reasons(&self) -> Vec<Option<RejectionReason>> {
        let stored = self.signatures().await;
        let reasons = stored
            .iter()
            .map(|it| it.rejection.map(|(_, reason)| reason));
        reasons.collect()
    }
}

#[tokio::test]
async fn a_client_is_the_last_hop_that_is_no_proxy_whatever_it_says_of_itself() {
    let stage = Stage::open().await;
    let signer = |number: u32| stage.signer_called(number);
    for (number, (socket, forwarded)) in [
        ("192.0.2.1", vec![]),
        // Who is no proxy says nothing of others.
        ("192.0.2.1", vec!["198.51.100.9"]),
        (PROXY, vec!["192.0.2.1"]),
        (PROXY, vec!["198.51.100.9, 192.0.2.1"]),
        (PROXY, vec!["198.51.100.9", "192.0.2.1, 10.0.0.1"]),
        ("::ffff:10.0.0.1", vec!["::ffff:192.0.2.1"]),
        (PROXY, vec!["198.51.100.9"]),
        ("2001:db8:1:2:3::4", vec![]),
        (PROXY, vec!["2001:db8:1:2:ffff::1"]),
        ("2001:db8:1:3::4", vec![]),
    ]
    .into_iter()
    .enumerate()
    {
        let signer = signer(u32::try_from(number).expect("few")).await;
        let answer = stage.sign_from(socket, &forwarded, &signer).await;
        assert_eq!(answer.status, StatusCode::ACCEPTED, "{}", answer.text);
    }
    let stored = stage.signatures().await;
    let keys: Vec<_> = stored
        .iter()
        .map(|it| it.client_key.expect("a client"))
        .collect();
    assert!(keys[..6].iter().all(|key| *key == keys[0]), "{keys:?}");
    assert_ne!(keys[6], keys[0]);
    assert_eq!(keys[7], keys[8], "one house");
    assert!(keys[9] != keys[8] && keys[9] != keys[0]);
}

#[tokio::test]
async fn tomorrow_nobody_knows_todays_client() {
    let stage = Stage::open().await;
    for day in 0..2 {
        let signer = stage.signer_called(day).await;
        stage.sign_from("192.0.2.1", &[], &signer).await;
        stage.clock.pass(Duration::days(1));
    }
    let stored = stage.signatures().await;
    assert_ne!(stored[0].client_key, stored[1].client_key);
}

#[tokio::test]
async fn a_flood_is_told_to_wait_and_nothing_of_it_is_stored() {
    let stage = Stage::open().await;
    let signer = stage.signer_called(1).await;
    let mut refused = 0;
    for _ in 0..120 {
        let answer = stage.sign_from("192.0.2.1", &[], &signer).await;
        if answer.status == StatusCode::TOO_MANY_REQUESTS {
            let after: u64 = answer.header("retry-after").parse().expect("seconds");
            assert!((1..=4).contains(&after), "{after}");
            assert_eq!(answer.header("content-type"), "application/problem+json");
            refused += 1;
        }
        if refused == 1 {
            break;
        }
    }
    assert_eq!(refused, 1, "a burst of 120 passed");
    let other = stage.signer_called(2).await;
    let refused = stage.sign_from("192.0.2.1", &[], &other).await;
    if refused.status == StatusCode::TOO_MANY_REQUESTS {
        assert_eq!(stage.signatures().await.len(), 1);
    }
    let passed = stage.sign_from("192.0.2.2", &[], &other).await;
    assert_eq!(passed.status, StatusCode::ACCEPTED, "another client");
}

#[tokio::test]
async fn a_form_that_comes_back_at_once_is_a_programs() {
    let stage = Stage::open().await;
    let page = stage.get("/p/forbid-it").await.text;
    let stamp = page.split("name=\"form\" value=\"").nth(1);
    let stamp = stamp
        .and_then(|rest| rest.split('"').next())
        .expect("a stamp");
    let stamp = stamp.to_owned();
    let known = stage.known().await;
    let post = async |email: &str, stamp: &str| {
        stage.clock.pass(Duration::milliseconds(1));
        let fields = [
            ("name", "Ana Ruiz"),
            ("email", email),
            ("street", known.street.as_str()),
            ("city", &known.city),
            ("state", &known.state),
            ("zip", &known.zip),
            ("form", stamp),
        ];
        let page = stage.post_form("/p/forbid-it/sign", &fields).await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.text);
        assert!(page.text.contains("look into your mail"));
        page.text.len()
    };
    let early = post("a@example.org", &stamp).await;
    post("b@example.org", "1.00").await;
    stage.clock.pass(Duration::seconds(2));
    let late = post("c@example.org", &stamp).await;
    post("d@example.org", "").await;
    assert_eq!(early, late, "nothing shows");
    let robot = Some(RejectionReason::Robot);
    assert_eq!(stage.reasons().await, [robot, robot, None, None]);
    assert_eq!(stage.mails().await.len(), 2);
}
