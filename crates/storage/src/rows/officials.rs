//! Rows of the directory.

use super::{StoredInstant, json, number};
use crate::error::{StorageError, StorageResult};
use crate::officials::{Government, Listed};
use chrono::NaiveDate;
use redress_model::contact_state::{ContactRecord, ContactState};
use redress_model::directory::{Directory, Jurisdiction, Post, Tenure, Vacancy, Vintage, Who};
use redress_model::official::{Contact, Holder, Seat};
use serde::Serialize;
use std::collections::BTreeMap;

/// A row of `government`.
#[derive(Serialize)]
#[expect(missing_docs, reason = "the columns are those of the table")]
pub struct GovernmentColumns {
    pub geoid: String,
    pub name: String,
    pub state: String,
    pub ocd_id: Option<String>,
    pub latitude: Option<f64>,
    pub longitude: Option<f64>,
}

impl GovernmentColumns {
    /// The row of a government.
    pub fn of(government: &Government) -> Self {
        Self {
            geoid: government.geoid.as_str().to_owned(),
            name: government.name.clone(),
            state: government.state.clone(),
            ocd_id: government.ocd_id.clone(),
            latitude: government.point.map(|(latitude, _)| latitude),
            longitude: government.point.map(|(_, longitude)| longitude),
        }
    }

    /// The government.
    pub fn read(self) -> StorageResult<Government> {
        Ok(Government {
            geoid: super::batch::geoid(&self.geoid)?,
            name: self.name,
            state: self.state,
            ocd_id: self.ocd_id,
            point: self.latitude.zip(self.longitude),
        })
    }
}

/// A row of `jurisdiction`.
#[derive(Serialize)]
#[expect(missing_docs, reason = "the columns are those of the table")]
pub struct JurisdictionColumns {
    pub geoid: String,
    pub name: Option<String>,
    pub state: Option<String>,
    pub time_zone: Option<String>,
}

/// A row of `post`.
#[derive(Serialize)]
#[expect(missing_docs, reason = "the columns are those of the table")]
pub struct PostColumns {
    pub id: String,
    pub geoid: String,
    pub place: i64,
    pub role: String,
    pub title: String,
    pub seat: String,
    pub district: Option<String>,
    pub seats: i64,
}

/// A row of `tenure`. Dates are written `2026-08-05`.
#[derive(Serialize)]
#[expect(missing_docs, reason = "the columns are those of the table")]
pub struct TenureColumns {
    pub post_id: String,
    pub number: i64,
    pub seat: i64,
    pub title: String,
    pub stated: String,
    pub listed_on: Option<String>,
    pub list: i64,
    pub person: Option<String>,
    pub party: Option<String>,
    pub term_start: Option<String>,
    pub term_end: Option<String>,
    pub as_of: Option<String>,
    pub source: Option<String>,
    pub email: Option<String>,
    pub web_form: Option<String>,
    pub office_address: Option<String>,
    pub url: Option<String>,
    pub notes: String,
    pub person_id: Option<String>,
    pub checked_on: Option<String>,
}

/// A row of `contact`, with its instant as the database has it.
#[expect(missing_docs, reason = "the columns are those of the table")]
pub struct ContactColumns<Instant> {
    pub address: String,
    pub state: String,
    pub note: Option<String>,
    pub since_at: Instant,
}

impl<Instant: StoredInstant> ContactColumns<Instant> {
    /// What is known of the address.
    pub fn read(self) -> StorageResult<ContactRecord> {
        let state = ContactState::parse(&self.state)
            .ok_or_else(|| StorageError::unreadable("state of a contact", &self.state))?;
        Ok(ContactRecord {
            address: self.address,
            state,
            note: self.note,
            since_at: self.since_at.read()?,
        })
    }
}

/// Rows of the three tables; a JSON array of each is what a backend takes apart.
#[derive(Default)]
pub struct DirectoryRows {
    /// Governments.
    pub jurisdictions: Vec<JurisdictionColumns>,
    /// Their posts, in order.
    pub posts: Vec<PostColumns>,
    /// Who was listed in them, in order.
    pub tenures: Vec<TenureColumns>,
}

impl DirectoryRows {
    /// The rows of some governments.
    pub fn of(listed: &[Listed]) -> Self {
        let mut rows = Self::default();
        for Listed {
            geoid,
            jurisdiction,
        } in listed
        {
            rows.jurisdictions.push(JurisdictionColumns {
                geoid: geoid.clone(),
                name: jurisdiction.name.clone(),
                state: jurisdiction.state.clone(),
                time_zone: jurisdiction.time_zone.clone(),
            });
            for (place, post) in (0..).zip(&jurisdiction.posts) {
                rows.posts.push(post_row(geoid, place, post));
                let tenures = (0..).zip(&post.tenures);
                rows.tenures
                    .extend(tenures.map(|(number, tenure)| tenure_row(&post.id, number, tenure)));
            }
        }
        rows
    }

    /// The governments of some rows, posts by place and tenures by number.
    pub fn read(self) -> StorageResult<BTreeMap<String, Jurisdiction>> {
        let mut jurisdictions: BTreeMap<String, Jurisdiction> = BTreeMap::new();
        for row in self.jurisdictions {
            jurisdictions.insert(
                row.geoid,
                Jurisdiction {
                    name: row.name,
                    state: row.state,
                    time_zone: row.time_zone,
                    posts: Vec::new(),
                },
            );
        }
        let mut tenures: BTreeMap<String, Vec<Tenure>> = BTreeMap::new();
        for row in self.tenures {
            let post = row.post_id.clone();
            tenures.entry(post).or_default().push(read_tenure(row)?);
        }
        for row in self.posts {
            let tenures = tenures.remove(&row.id).unwrap_or_default();
            let geoid = row.geoid.clone();
            let jurisdiction = jurisdictions.entry(geoid).or_default();
            jurisdiction.posts.push(read_post(row, tenures)?);
        }
        Ok(jurisdictions)
    }

    /// The whole directory.
    pub fn directory(self) -> StorageResult<Directory> {
        Ok(Directory::new(self.read()?, 0))
    }

    /// A table's rows as one JSON array.
    pub fn json<R: Serialize>(rows: &[R]) -> String {
        // Rows of texts and numbers always have a JSON form.
        serde_json::to_string(rows).unwrap_or_default()
    }
}

fn post_row(geoid: &str, place: i64, post: &Post) -> PostColumns {
    let (seat, district) = match &post.seat {
        Seat::AtLarge => ("at_large", None),
        Seat::District(label) => ("district", Some(label.clone())),
        Seat::Unknown => ("unknown", None),
    };
    PostColumns {
        id: post.id.clone(),
        geoid: geoid.to_owned(),
        place,
        role: post.role.as_str().to_owned(),
        title: post.title.clone(),
        seat: seat.to_owned(),
        district,
        seats: i64::from(post.seats),
    }
}

fn read_post(row: PostColumns, tenures: Vec<Tenure>) -> StorageResult<Post> {
    let seat = match (row.seat.as_str(), row.district) {
        ("at_large", None) => Seat::AtLarge,
        ("district", Some(label)) => Seat::District(label),
        ("unknown", None) => Seat::Unknown,
        (other, _) => return Err(StorageError::unreadable("seat", other)),
    };
    Ok(Post {
        id: row.id,
        role: super::delivery::role(&row.role)?,
        title: row.title,
        seat,
        seats: number("seats", row.seats)?,
        tenures,
    })
}

fn tenure_row(post: &str, number: i64, tenure: &Tenure) -> TenureColumns {
    let text = |day: Option<NaiveDate>| day.map(|day| day.to_string());
    let holder = tenure.holder();
    let (as_of, source, contact, notes) = match &tenure.who {
        Who::Holder(it) => (&it.as_of, &it.source, &it.contact, &it.notes),
        Who::Vacant(it) => (&it.as_of, &it.source, &it.contact, &it.notes),
    };
    TenureColumns {
        post_id: post.to_owned(),
        number,
        seat: i64::from(tenure.seat),
        title: tenure.title.clone(),
        stated: serde_json::json!(tenure.stated).to_string(),
        listed_on: text(tenure.vintage.day),
        list: i64::from(tenure.vintage.file),
        person: holder.map(|holder| holder.name.clone()),
        party: holder.and_then(|holder| holder.party.clone()),
        term_start: text(holder.and_then(|holder| holder.term_start)),
        term_end: text(holder.and_then(|holder| holder.term_end)),
        as_of: as_of.clone(),
        source: source.clone(),
        email: contact.email.clone(),
        web_form: contact.web_form.clone(),
        office_address: contact.office_address.clone(),
        url: contact.url.clone(),
        notes: serde_json::json!(notes).to_string(),
        person_id: holder.and_then(|holder| holder.person_id.clone()),
        checked_on: text(contact.checked_on),
    }
}

fn read_tenure(row: TenureColumns) -> StorageResult<Tenure> {
    let contact = Contact {
        email: row.email,
        web_form: row.web_form,
        office_address: row.office_address,
        url: row.url,
        checked_on: day(row.checked_on.as_deref())?,
    };
    let notes = json("notes", &row.notes)?;
    let (as_of, source) = (row.as_of, row.source);
    let who = match row.person {
        Some(name) => Who::Holder(Holder {
            name,
            person_id: row.person_id,
            party: row.party,
            term_start: day(row.term_start.as_deref())?,
            term_end: day(row.term_end.as_deref())?,
            as_of,
            source,
            contact,
            notes,
        }),
        None => Who::Vacant(Vacancy {
            as_of,
            source,
            contact,
            notes,
        }),
    };
    Ok(Tenure {
        seat: number("seat", row.seat)?,
        title: row.title,
        stated: json("what a list says of a seat", &row.stated)?,
        vintage: Vintage {
            day: day(row.listed_on.as_deref())?,
            file: number("list", row.list)?,
        },
        who,
    })
}

/// Reads a day, `2026-08-05`.
pub(super) fn day(text: Option<&str>) -> StorageResult<Option<NaiveDate>> {
    text.map(|text| {
        text.parse()
            .map_err(|_| StorageError::unreadable("day", text))
    })
    .transpose()
}
