//! Places with signatures, against the officials, contacts and district maps on file for them.
//!
//! The same report for a petition's page, for its files and for the command line. What would help most signatures comes
//! first: a city of nine hundred without one known official before a city of a thousand in which one seat of nine has no
//! address.

use crate::civics::Civics;
use chrono::NaiveDate;
use redress_civics::coverage::{
    DistrictMap, Government, Lack, MapState, SeatCoverage, list_seats, write_fill,
};
use redress_civics::officials::Directory;
use redress_model::delivery::state::DeliveryState;
use redress_model::geoid::Geoid;
use redress_model::home::Home;
use redress_model::official::Role;
use redress_model::petition::{Petition, Target};
use redress_reports::coverage::CoverageRow;
use redress_storage::deliveries::DeliveryFilter;
use redress_storage::{StorageResult, Store};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Deliveries read at a time.
const PAGE: u32 = 500;

/// Deliveries whose address was no good.
const CAME_BACK: [DeliveryState; 2] = [DeliveryState::BouncedHard, DeliveryState::Refused];

/// What is known where.
pub struct Coverage {
    /// The day for which it is told.
    pub on: NaiveDate,
    /// One row a place, those that would help most signatures first.
    pub rows: Vec<CoverageRow>,
    /// Confirmed signatures of the petitions asked about.
    pub total: i64,
    /// Of these, outside any city.
    pub outside_any_city: i64,
    /// Of these, not located.
    pub not_located: i64,
    /// A list of officials to fill in, as CSV.
    pub fill: Vec<u8>,
    /// Rows of that list.
    pub fill_rows: u64,
}

impl Coverage {
    /// The rows of the file: the places, then those without one.
    pub fn all_rows(&self) -> impl Iterator<Item = CoverageRow> {
        self.rows.iter().cloned().chain([
            CoverageRow::outside_any_city(self.outside_any_city),
            CoverageRow::not_located(self.not_located),
        ])
    }

    /// Places in which something would help.
    pub fn open_places(&self) -> usize {
        self.rows.iter().filter(|row| row.help > 0).count()
    }
}

/// How many signatures a place has.
#[derive(Debug, Clone, Copy, Default)]
struct Count {
    counted: i64,
    without_district: i64,
}

/// Whom mail came back from: the seat, and the address.
type Bounces = HashMap<String, BTreeSet<String>>;

/// What is known of the places of some petitions on a day; of every place of the packs if `all`.
pub async fn cover(
    store: &Store,
    civics: &Civics,
    petitions: &[Petition],
    on: NaiveDate,
    all: bool,
) -> StorageResult<Coverage> {
    let (mut counts, mut outside_any_city, mut not_located) = (BTreeMap::new(), 0, 0);
    let mut bounces = Bounces::new();
    for petition in petitions {
        for row in store.tallies.list_districts(petition.id, None).await? {
            let counted = row.tally.counted;
            match row.home {
                Home::Government(geoid) => {
                    let count: &mut Count = counts.entry(geoid).or_default();
                    count.counted += counted;
                    if row.district.is_none() {
                        count.without_district += counted;
                    }
                }
                Home::OutsideAnyCity => outside_any_city += counted,
                Home::NotLocated => not_located += counted,
            }
        }
        read_bounces(store, petition, &mut bounces).await?;
    }
    if all {
        for geoid in civics.governing_geoids() {
            counts.entry(geoid).or_default();
        }
    }
    let names = list_names(store, civics, counts.keys()).await?;
    let roles = roles(petitions);
    let maps = civics.district_maps(on);
    let total = counts.values().map(|count| count.counted).sum::<i64>();
    let mut places: Vec<Place<'_>> = counts
        .into_iter()
        .map(|(geoid, count)| {
            let map = maps.of(geoid.as_str());
            let called = names.get(&geoid).cloned().unwrap_or_default();
            Place::new(&geoid, called, count, &map, civics, &roles, &bounces, on)
        })
        .collect();
    places.sort_by(|one, other| {
        let key = |place: &Place<'_>| (-place.row.help, -place.row.count);
        key(one)
            .cmp(&key(other))
            .then_with(|| one.row.geoid.cmp(&other.row.geoid))
    });
    let mut fill = Vec::new();
    let governments = places.iter().map(|place| Government {
        geoid: &place.row.geoid,
        name: &place.row.name,
        state: &place.row.state,
        jurisdiction: civics.directory().jurisdiction(&place.row.geoid),
        seats: &place.seats,
    });
    // Memory takes whatever is written.
    let fill_rows = write_fill(governments, &mut fill).unwrap_or_default();
    Ok(Coverage {
        on,
        rows: places.into_iter().map(|place| place.row).collect(),
        total: total + outside_any_city + not_located,
        outside_any_city,
        not_located,
        fill,
        fill_rows,
    })
}

/// The roles that any of the petitions goes to.
fn roles(petitions: &[Petition]) -> Vec<Role> {
    let targets: BTreeSet<Role> = petitions
        .iter()
        .flat_map(|petition| &petition.terms.targets)
        .map(|target| match target {
            Target::Mayor => Role::Mayor,
            Target::CouncilMember => Role::CouncilMember,
            Target::Clerk => Role::Clerk,
        })
        .collect();
    targets.into_iter().collect()
}

async fn read_bounces(
    store: &Store,
    petition: &Petition,
    bounces: &mut Bounces,
) -> StorageResult<()> {
    for state in CAME_BACK {
        let (filter, mut after) = (
            DeliveryFilter {
                batch: None,
                state: Some(state),
            },
            None,
        );
        loop {
            let deliveries = &store.deliveries;
            let page = deliveries.list_deliveries(petition.id, filter, after, PAGE);
            let page = page.await?;
            let Some(last) = page.last() else {
                break;
            };
            after = Some(last.id);
            for delivery in page {
                if let Some(email) = delivery.addressee.email {
                    let of_seat = bounces.entry(delivery.addressee.post_id).or_default();
                    of_seat.insert(email.to_lowercase());
                }
            }
        }
    }
    Ok(())
}

/// Names and states, by the packs or else by storage.
async fn list_names(
    store: &Store,
    civics: &Civics,
    geoids: impl Iterator<Item = &Geoid>,
) -> StorageResult<HashMap<Geoid, (String, String)>> {
    let (mut names, mut strangers) = (HashMap::new(), Vec::new());
    for geoid in geoids {
        match civics.place(geoid.as_str()) {
            Some(place) => {
                names.insert(geoid.clone(), (place.name, place.state.to_owned()));
            }
            None => strangers.push(geoid.clone()),
        }
    }
    for geoid in &strangers {
        let listed = civics.directory().jurisdiction(geoid.as_str());
        let name = listed.and_then(|listed| listed.name.clone());
        let state = listed.and_then(|listed| listed.state.clone());
        let name = name.unwrap_or_else(|| geoid.to_string());
        names.insert(geoid.clone(), (name, state.unwrap_or_default()));
    }
    if !strangers.is_empty() {
        let officials = &store.officials;
        for known in officials.list_named_governments(&strangers).await? {
            names.insert(known.geoid, (known.name, known.state));
        }
    }
    Ok(names)
}

/// One place on its way into the report.
struct Place<'civics> {
    row: CoverageRow,
    seats: Vec<SeatCoverage<'civics>>,
}

impl<'civics> Place<'civics> {
    #[expect(clippy::too_many_arguments, reason = "one place's facts")]
    fn new(
        geoid: &Geoid,
        (name, state): (String, String),
        count: Count,
        map: &DistrictMap,
        civics: &'civics Civics,
        roles: &[Role],
        bounces: &Bounces,
        on: NaiveDate,
    ) -> Self {
        let directory = civics.directory();
        let geoid = geoid.to_string();
        let unreached = still_bounced(directory, &geoid, bounces, on);
        let seats = list_seats(directory, &geoid, roles, &map.labels, &unreached, on);
        let is_by_district = roles.contains(&Role::CouncilMember)
            && (directory.has_district_seats(&geoid) || map.state != MapState::Absent);
        let number_of = |lack: Lack| {
            let lacking = seats.iter().filter(|seat| seat.lacks.contains(&lack));
            lacking.count() as i64
        };
        let written = |on: Option<NaiveDate>| on.map_or_else(String::new, |on| on.to_string());
        let without_district = if is_by_district {
            count.without_district
        } else {
            0
        };
        let row = CoverageRow {
            name,
            state,
            count: count.counted,
            help: help(count.counted, without_district, &seats),
            seats: seats.iter().filter(|seat| seat.sitting.is_some()).count() as i64,
            not_listed: not_listed(&seats),
            seat_unknown: number_of(Lack::SeatUnknown),
            holder_unknown: number_of(Lack::HolderUnknown),
            vacant: number_of(Lack::Vacant),
            term_ended: number_of(Lack::TermEnded),
            term_ending: number_of(Lack::TermEnding),
            next_end_on: written(next_end(&seats, on)),
            no_email: number_of(Lack::NoEmail),
            bounced: number_of(Lack::Bounced),
            district_map: if is_by_district {
                map.state.as_str().to_owned()
            } else {
                String::new()
            },
            map_from: written(map.valid_from.filter(|_| is_by_district)),
            map_to: written(map.valid_to.filter(|_| is_by_district)),
            without_district,
            as_of: oldest(&seats),
            source: sources(&seats),
            geoid,
        };
        Self { row, seats }
    }
}

/// Seats whose mail came back from the address that is still on file.
fn still_bounced(
    directory: &Directory,
    geoid: &str,
    bounces: &Bounces,
    on: NaiveDate,
) -> BTreeSet<String> {
    let posts = directory.posts_of(geoid).iter();
    posts
        .flat_map(|post| post.sittings(on))
        .filter(|sitting| {
            let email = sitting.contact().and_then(|contact| contact.email.as_ref());
            bounces
                .get(&sitting.id)
                .zip(email)
                .is_some_and(|(bad, email)| bad.contains(&email.to_lowercase()))
        })
        .map(|sitting| sitting.id)
        .collect()
}

/// The share of a place's signatures that its open seats stand for, and no less than those that no district's member hears of.
fn help(counted: i64, without_district: i64, seats: &[SeatCoverage<'_>]) -> i64 {
    let all = seats.len() as i64;
    let open = seats.iter().filter(|seat| seat.has_gap()).count() as i64;
    let by_seats = if all == 0 {
        0
    } else {
        (counted * open + all - 1) / all
    };
    by_seats.max(without_district)
}

fn not_listed(seats: &[SeatCoverage<'_>]) -> String {
    let missing = seats.iter().filter(|seat| seat.sitting.is_none());
    let words: Vec<String> = missing
        .map(|seat| match &seat.district {
            Some(label) => format!("{} {label}", seat.role.as_str()),
            None => seat.role.as_str().to_owned(),
        })
        .collect();
    words.join("; ")
}

fn next_end(seats: &[SeatCoverage<'_>], on: NaiveDate) -> Option<NaiveDate> {
    seats
        .iter()
        .filter_map(|seat| seat.sitting.as_ref()?.holder()?.term_end)
        .filter(|end| *end >= on)
        .min()
}

/// The oldest word about any of them, as it was written.
fn oldest(seats: &[SeatCoverage<'_>]) -> String {
    let told = seats
        .iter()
        .filter_map(|seat| seat.sitting.as_ref()?.tenure)
        .filter_map(|tenure| tenure.vintage.day);
    told.min().map_or_else(String::new, |day| day.to_string())
}

fn sources(seats: &[SeatCoverage<'_>]) -> String {
    let sources: BTreeSet<&str> = seats
        .iter()
        .filter_map(|seat| seat.sitting.as_ref()?.holder()?.source.as_deref())
        .collect();
    sources.into_iter().collect::<Vec<_>>().join("; ")
}
