//! Organizers at their work: accounts, logins, pages read and forms sent.

use crate::stage::{Answer, Stage};
use argon2::{Argon2, PasswordHasher};
use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use redress_model::clock::FixedClock;
use redress_model::email::Email;
use redress_model::id::{AccountId, OrganizationId};
use redress_model::role::MemberRole;
use redress_model::slug::Slug;
use redress_storage::accounts::{Account, Organization};
use redress_storage::audit::{Actor, Deed};
use serde_json::json;
use std::fmt::Write;
use std::sync::OnceLock;

/// Everybody's.
pub const PASSWORD: &str = "correct horse battery";

/// Somebody who is logged in.
pub struct Organizer {
    /// What the browser sends.
    pub cookie: String,
    /// What each form carries.
    pub token: String,
}

fn hash() -> String {
    static HASH: OnceLock<String> = OnceLock::new();
    let made = HASH.get_or_init(|| {
        let hash = Argon2::default().hash_password(PASSWORD.as_bytes());
        hash.expect("it is hashed").to_string()
    });
    made.clone()
}

/// The value of an attribute behind a mark in a page.
pub fn behind<'a>(page: &'a str, mark: &str) -> &'a str {
    let rest = page.split_once(mark).map(|(_, rest)| rest);
    let rest = rest.unwrap_or_else(|| panic!("no {mark} in {page}"));
    rest.split('"').next().unwrap_or_default()
}

impl Stage {
    /// Something that the machine's owner did.
    pub fn deed(&self, action: &'static str, subject: &str) -> Deed {
        Deed {
            actor: Actor::CommandLine,
            action,
            subject: subject.into(),
            details: json!({}),
            at: self.at,
        }
    }

    /// Records an organization.
    pub async fn organization(&mut self, slug: &str) {
        let organization = Organization {
            id: OrganizationId::new(&FixedClock(self.at), &mut self.random),
            slug: Slug::parse(slug).expect("a slug"),
            name: format!("Organization {slug}"),
        };
        let deed = self.deed("organization.create", slug);
        let accounts = &self.store.accounts;
        let recorded = accounts.record_organization(&organization, &deed).await;
        recorded.expect("the organization is recorded");
    }

    /// Records an account with a role in an organization.
    pub async fn account(&mut self, email: &str, slug: &str, role: MemberRole) -> AccountId {
        let id = AccountId::new(&FixedClock(self.at), &mut self.random);
        let account = Account {
            id,
            email: Email::parse(email).expect("an e-mail"),
            password_hash: hash(),
            disabled_at: None,
            created_at: self.at,
        };
        let word = Slug::parse(slug).expect("a slug");
        let accounts = &self.store.accounts;
        let organization = accounts.find_organization(&word).await;
        let organization = organization.expect("found").expect("there");
        let deed = self.deed("account.create", &id.to_string());
        let recorded = accounts.record_account(&account, organization.id, role, &deed);
        recorded.await.expect("the account is recorded");
        id
    }

    /// Tries a login.
    pub async fn try_login(&self, email: &str, password: &str) -> Answer {
        let fields = [("email", email), ("password", password)];
        self.post_form("/console/login", &fields).await
    }

    /// Logs in.
    pub async fn log_in(&self, email: &str) -> Organizer {
        let answer = self.try_login(email, PASSWORD).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
        let cookie = answer.header("set-cookie").split(';').next();
        let cookie = cookie.expect("a cookie").to_owned();
        let page = self.ask_with(&cookie, Method::GET, "/console", "").await;
        let token = behind(&page.text, "name=\"token\" value=\"").to_owned();
        Organizer { cookie, token }
    }

    /// Makes an account of the default organization and logs in with it.
    pub async fn organizer(&mut self, role: MemberRole) -> Organizer {
        let email = format!("{role}@example.org");
        self.account(&email, "default", role).await;
        self.log_in(&email).await
    }

    /// Reads a page as an organizer.
    pub async fn visit(&self, organizer: &Organizer, path: &str) -> Answer {
        self.ask_with(&organizer.cookie, Method::GET, path, "")
            .await
    }

    /// Sends a form as an organizer, with its token.
    pub async fn submit(
        &self,
        organizer: &Organizer,
        path: &str,
        fields: &[(&str, &str)],
    ) -> Answer {
        let mut body = encoded(fields);
        body.push_str(&encoded(&[("token", &organizer.token)]));
        self.ask_with(&organizer.cookie, Method::POST, path, body)
            .await
    }

    /// Sends a request with a cookie.
    pub async fn ask_with(
        &self,
        cookie: &str,
        method: Method,
        path: &str,
        body: impl Into<Body>,
    ) -> Answer {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header("host", "petition.example")
            .header("cookie", cookie)
            .header("content-type", "application/x-www-form-urlencoded")
            .body(body.into());
        self.ask(request.expect("a request")).await
    }

    /// What the audit log says, one line an entry.
    pub async fn deeds(&self) -> Vec<String> {
        let deeds = self.store.audit.list_deeds(0, 1_000).await;
        let deeds = deeds.expect("the log reads").into_iter();
        deeds
            .map(|it| format!("{} {} {}", it.action, it.subject, it.details))
            .collect()
    }
}

/// Fields as a browser sends them.
pub fn encoded(fields: &[(&str, &str)]) -> String {
    let mut body = String::new();
    for (name, value) in fields {
        let bytes = value.bytes().map(|byte| format!("%{byte:02x}"));
        let _ = write!(body, "{name}={}&", bytes.collect::<String>());
    }
    body
}
