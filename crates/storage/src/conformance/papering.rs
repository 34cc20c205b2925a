//! Lines of paper: what is known of them before they are saved.

use super::scene::{Scene, fingerprint};
use crate::intake::{Intake, IntakeSettings};
use crate::signatures::NewSignature;
use redress_model::id::PetitionId;
use redress_model::petition::Confirmation as Mode;
use redress_model::signature::Origin;

fn line(scene: &mut Scene, petition: PetitionId, name: &str, sheet: &str) -> NewSignature {
    let mut new = scene.signer(petition, name, name, "45001");
    new.origin = Origin::Paper;
    new.sheet = Some(sheet.to_owned());
    new.address_key = Some(fingerprint(&format!("{name} at home")));
    new
}

/// A file of lines goes through the intake in its order: the first of a household is the one that counts.
pub async fn lines_are_saved_in_their_order(scene: &mut Scene) {
    let petition = scene.petition(Mode::Email).await;
    let mut lines: Vec<NewSignature> = (0..40)
        .map(|number| {
            let name = format!("signer {}", number % 30);
            line(scene, petition, &name, &format!("A1 line {number}"))
        })
        .collect();
    let settings = IntakeSettings {
        capacity: 3,
        batch: 7,
        ..IntakeSettings::default()
    };
    let import = |lines: Vec<NewSignature>, store: &crate::Store| {
        let (intake, worker) = Intake::new(store.signatures.clone(), settings);
        async move {
            let saved = async {
                let intake = intake;
                intake.sign_all(lines).await.expect("saved")
            };
            tokio::join!(saved, worker.run(std::future::pending())).0
        }
    };
    let outcomes = import(lines.clone(), &scene.store).await;
    let saved: Vec<bool> = outcomes.iter().map(super::scene::is_saved).collect();
    assert_eq!(saved, (0..40).map(|number| number < 30).collect::<Vec<_>>());

    // The same file again, with other ids as a program makes them.
    for line in &mut lines {
        line.id = scene.signer(petition, "x", "x", "1").id;
    }
    let again = import(lines, &scene.other).await;
    assert!(!again.iter().any(super::scene::is_saved));
    let total = scene.total(petition).await;
    assert_eq!((total.counted, total.paper), (30, 30));
    scene.assert_counts_hold(petition).await;
}

/// A dry run knows whose mailbox is taken, who counts at an address, and whose sheet was erased.
pub async fn what_is_stored_of_a_line_is_known_before_it_is_saved(scene: &mut Scene) {
    let petition = scene.petition(Mode::Email).await;
    let ana = line(scene, petition, "ana", "A1 line 1");
    let ben = line(scene, petition, "ben", "A1 line 2");
    for new in [&ana, &ben] {
        scene.sign(new).await;
    }
    let signatures = scene.store.signatures.clone();
    signatures.erase(ben.id, scene.at).await.expect("erased");

    let paper = scene.other.paper.clone();
    let keys = [ana.email_key, ben.email_key, fingerprint("nobody")];
    let households = paper
        .list_households(petition, &keys)
        .await
        .expect("listed");
    assert_eq!(households.len(), 1);
    assert_eq!(households[0].0, ana.email_key);
    assert_eq!(households[0].1.first.signature, ana.id);
    assert!(households[0].1.first.is_firm);
    let addresses: Vec<_> = [&ana, &ben]
        .iter()
        .filter_map(|new| new.address_key)
        .collect();
    let counted = paper.list_counted_addresses(petition, &addresses).await;
    assert_eq!(counted.expect("listed"), [addresses[0]]);
    let sheets = ["A1 line 1", "A1 line 2", "A1 line 3"].map(str::to_owned);
    let erased = paper.list_erased_sheets(petition, &sheets).await;
    assert_eq!(erased.expect("listed"), [sheets[1].clone()]);
}
