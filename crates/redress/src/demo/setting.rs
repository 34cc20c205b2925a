//! What a demo begins with: the county, the petition, the organizer. Made once, then taken up.

use crate::commands::account::password;
use crate::failure::Failure;
use crate::instance::Instance;
use crate::machine::{SystemClock, random};
use redress_civics::build::build;
use redress_civics::pack::Pack;
use redress_civics::sample::{self, Plan};
use redress_model::batch::{CityStatus, PlaceStatus};
use redress_model::clock::Clock;
use redress_model::email::Email;
use redress_model::geoid::Geoid;
use redress_model::id::{AccountId, PetitionId};
use redress_model::petition::state::PetitionState;
use redress_model::petition::{Petition, PetitionTerms, Sender};
use redress_model::role::MemberRole;
use redress_model::slug::Slug;
use redress_storage::accounts::{Account, DEFAULT_ORGANIZATION};
use redress_storage::audit::{Actor, Deed};
use redress_storage::secrets::Vault;
use serde_json::json;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

/// The petition's word in addresses.
pub const SLUG: &str = "end-the-partnerships";

const TITLE: &str = "Forbid, or end, police partnerships with home-surveillance companies";

const ASK: &str = "Our doorbells are not a police network. Companies that sell cameras for the home have signed agreements with police departments: officers get a portal to ask residents for their footage, and cities get free devices to give away. Nobody voted for it, and nobody outside the company sees what becomes of the recordings.

We ask our city to forbid partnerships between the police and home-surveillance companies, and to end those that were signed. Footage that an investigation needs can be asked for the way it always was: from a person, with a warrant where the law wants one.";

/// Where a demo keeps things.
pub struct Folder(pub PathBuf);

impl Folder {
    fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    /// The database.
    pub fn database(&self) -> PathBuf {
        self.path("redress.db")
    }

    /// The Maildir of all mail.
    pub fn outbox(&self) -> PathBuf {
        self.path("outbox")
    }

    /// Addresses with known answers.
    pub fn truth(&self) -> PathBuf {
        self.path("county").join("truth.csv")
    }

    /// Removes what an earlier demo left; nothing that no demo made.
    pub fn reset(&self) -> Result<(), Failure> {
        let files = [
            "redress.db",
            "redress.db-wal",
            "redress.db-shm",
            "redress.db.key",
            "redress.db.keys",
            "county.pack",
            "login",
        ];
        let gone = |path: &Path, done: std::io::Result<()>| match done {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                Err(Failure::unwritable(path, &error))
            }
            _ => Ok(()),
        };
        for name in files {
            let path = self.path(name);
            gone(&path, std::fs::remove_file(&path))?;
        }
        for name in ["county", "outbox"] {
            let path = self.path(name);
            gone(&path, std::fs::remove_dir_all(&path))?;
        }
        Ok(())
    }

    /// The county's pack; written and built when it is missing.
    pub fn pack(&self) -> Result<Pack, Failure> {
        std::fs::create_dir_all(&self.0).map_err(|error| Failure::unwritable(&self.0, &error))?;
        let (county, pack) = (self.path("county"), self.path("county.pack"));
        if !pack.exists() || !self.truth().exists() {
            sample::write(&county, Plan { seed: 1, scale: 1 }, &mut |_, _| {})
                .map_err(Failure::failed)?;
            build(&county.join("sources.toml"), &pack, &mut |_| {})?;
        }
        Ok(Pack::open(&pack)?)
    }

    /// The organizer's password: made once, kept for its owner's eyes.
    fn password(&self) -> Result<password::Password, Failure> {
        let path = self.path("login");
        if let Ok(text) = std::fs::read_to_string(&path) {
            let text = text.trim().to_owned();
            return Ok(password::Password {
                text,
                is_new: false,
            });
        }
        let made = password::obtain(false)?;
        std::fs::OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&path)
            .and_then(|mut file| file.write_all(made.text.as_bytes()))
            .map_err(|error| Failure::unwritable(&path, &error))?;
        Ok(made)
    }
}

/// Who logs in.
pub struct Login {
    /// The organizer.
    pub email: Email,
    /// With this.
    pub password: String,
}

/// The petition; made when it is missing.
pub async fn petition(instance: &Instance, vault: &Vault) -> Result<Petition, Failure> {
    let store = &instance.store;
    let slug = Slug::parse(SLUG).map_err(Failure::failed)?;
    let known = store.petitions.find_petition_by_slug(&slug).await;
    if let Some(petition) = known.map_err(Failure::failed)? {
        return Ok(petition);
    }
    let default = Slug::parse(DEFAULT_ORGANIZATION).map_err(Failure::failed)?;
    let organization = store.accounts.find_organization(&default).await;
    let organization = organization
        .map_err(Failure::failed)?
        .ok_or_else(|| Failure::failed(anyhow::anyhow!("the default organization is missing")))?;
    let at = SystemClock.now();
    let petition = Petition {
        id: PetitionId::new(&SystemClock, &mut random()),
        organization_id: organization.id,
        slug,
        state: PetitionState::Open,
        terms: PetitionTerms {
            ask: ASK.to_owned(),
            // An office of a small county is not written to about each neighbour.
            threshold: 25,
            sender: Some(Sender {
                organization: "Neighbors for Privacy".to_owned(),
                postal_address: "PO Box 100\nSpringfield, ZZ 00100".to_owned(),
                contact_email: email("hello@neighbors.example")?,
            }),
            ..PetitionTerms::with_title(TITLE)
        },
        created_at: at,
        opened_at: Some(at),
        closed_at: None,
    };
    vault
        .create(petition.id, &mut random())
        .await
        .map_err(Failure::failed)?;
    let deed = deed("petition.create");
    store
        .petitions
        .record_petition(&petition, &deed)
        .await
        .map_err(Failure::failed)?;
    Ok(petition)
}

/// What the county's cities have done; recorded once their governments are known.
pub async fn statuses(instance: &Instance, petition: &Petition) -> Result<(), Failure> {
    let store = &instance.store;
    let governments = store.officials.list_governments(None, 1_000).await;
    let cities = governments
        .map_err(Failure::failed)?
        .into_iter()
        .map(|government| government.geoid)
        .filter(|geoid| geoid.as_str().len() == 7);
    let source = |city: &Geoid| Some(format!("https://news.example/{city}"));
    let words = [
        (CityStatus::End, "2019-06-11"),
        (CityStatus::Forbid, ""),
        (CityStatus::UnderStudy, "2019-09-30"),
    ];
    let statuses: Vec<(Geoid, PlaceStatus)> = cities
        .zip(words.iter().cycle())
        .map(|(city, (status, since))| {
            let status = PlaceStatus {
                status: *status,
                since_on: since.parse().ok(),
                source: source(&city).filter(|_| !since.is_empty()),
            };
            (city, status)
        })
        .collect();
    store
        .batches
        .record_statuses(petition.id, &statuses, &deed("petition.statuses"))
        .await
        .map_err(Failure::failed)
}

/// The organizer; made when missing.
pub async fn login(folder: &Folder, instance: &Instance) -> Result<Login, Failure> {
    let accounts = &instance.store.accounts;
    let email = email("organizer@neighbors.example")?;
    let password = folder.password()?;
    let known = accounts.find_account_by_email(&email).await;
    if known.map_err(Failure::failed)?.is_none() {
        let default = Slug::parse(DEFAULT_ORGANIZATION).map_err(Failure::failed)?;
        let organization = accounts.find_organization(&default).await;
        let organization = organization.map_err(Failure::failed)?.ok_or_else(|| {
            Failure::failed(anyhow::anyhow!("the default organization is missing"))
        })?;
        let account = Account {
            id: AccountId::new(&SystemClock, &mut random()),
            email: email.clone(),
            password_hash: password::hash(&password)?,
            disabled_at: None,
            created_at: SystemClock.now(),
        };
        accounts
            .record_account(
                &account,
                organization.id,
                MemberRole::Owner,
                &deed("account.create"),
            )
            .await
            .map_err(Failure::failed)?;
    }
    Ok(Login {
        email,
        password: password.text,
    })
}

/// Something that the demo does.
pub fn deed(action: &'static str) -> Deed {
    Deed {
        actor: Actor::CommandLine,
        action,
        subject: "demo".to_owned(),
        details: json!({}),
        at: SystemClock.now(),
    }
}

fn email(text: &str) -> Result<Email, Failure> {
    Email::parse(text).map_err(Failure::failed)
}
