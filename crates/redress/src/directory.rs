//! From a pack to the directory in the database.

use crate::failure::Failure;
use crate::machine::SystemClock;
use redress_civics::officials::Directory;
use redress_civics::pack::{DivisionView, Pack};
use redress_civics::packs::Packs;
use redress_civics::words::state;
use redress_model::clock::Clock;
use redress_model::geoid::Geoid;
use redress_storage::Store;
use redress_storage::audit::{Actor, Deed};
use redress_storage::officials::{Government, Listed};
use serde_json::{Value, json};

/// Governments recorded in one transaction.
const PAGE: usize = 2_000;

/// A deed of the command line about the directory.
pub fn deed(action: &'static str, details: Value) -> Deed {
    Deed {
        actor: Actor::CommandLine,
        action,
        subject: "directory".to_owned(),
        details,
        at: SystemClock.now(),
    }
}

/// Fills an empty directory from packs: places, posts, people, contacts. A directory that holds
/// anything stays as it is. Whether it was filled.
pub async fn fill(store: &Store, packs: &Packs) -> Result<bool, Failure> {
    let officials = &store.officials;
    for pack in packs.all() {
        record_governments(store, pack).await?;
    }
    let revision = officials
        .find_directory_revision()
        .await
        .map_err(Failure::failed)?;
    if revision > 0 {
        return Ok(false);
    }
    let directory = packs.directory()?;
    record(store, &Directory::default(), &directory, &packs.id()).await?;
    Ok(true)
}

/// Names and points of the governments of a pack; what was known of them is replaced.
pub async fn record_governments(store: &Store, pack: &Pack) -> Result<(), Failure> {
    let governments: Vec<Government> = (0..pack.divisions().len() as u32)
        .filter_map(|number| pack.division(number))
        .filter(DivisionView::governs)
        .filter_map(|division| {
            let centre = division.record.centre;
            Some(Government {
                geoid: Geoid::parse(division.geoid()).ok()?,
                name: division.full_name().to_owned(),
                state: state::usps(division.record.state).to_owned(),
                ocd_id: division.ocd_id().map(str::to_owned),
                point: Some((round(centre.lat()), round(centre.lon()))),
            })
        })
        .collect();
    for page in governments.chunks(PAGE) {
        store
            .officials
            .record_governments(page)
            .await
            .map_err(Failure::failed)?;
    }
    Ok(())
}

/// Records what differs between two directories, government by government. How many.
pub async fn record(
    store: &Store,
    before: &Directory,
    after: &Directory,
    source: &str,
) -> Result<usize, Failure> {
    let listed = Listed::differing(before, after);
    // An empty list is an answer too: the directory was asked for and is known from now on.
    let details = json!({"governments": listed.len(), "source": source});
    store
        .officials
        .record_directory(&listed, &deed("officials.import", details))
        .await
        .map_err(Failure::failed)?;
    Ok(listed.len())
}

/// Ten metres are near enough for a dot on a map.
fn round(degrees: f64) -> f64 {
    (degrees * 1e4).round() / 1e4
}
