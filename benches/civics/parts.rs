//! The parts of a resolution, each alone: `cargo bench -p redress-benches --bench civics_parts`.

use chrono::NaiveDate;
use divan::counter::ItemsCount;
use divan::{Bencher, black_box};
use redress_benches::ground::Ground;
use redress_civics::officials::Directory;
use redress_civics::pack::Pack;
use redress_civics::pack::format::Section;
use redress_civics::parse::{Input, Parsed};
use redress_civics::resolve::Resolver;
use redress_civics::text::Line;
use std::sync::LazyLock;

/// Addresses in one sample.
const EACH: usize = 1_000;

struct Scene {
    pack: Pack,
    directory: Directory,
    addresses: Vec<String>,
}

static SCENE: LazyLock<Scene> = LazyLock::new(|| {
    let ground = Ground::of(100);
    let pack = Pack::open(&ground.pack).expect("the pack opens");
    let directory = pack
        .json(Section::Officials)
        .expect("the pack has its officials");
    let truth = ground.truth();
    let step = truth.len() / EACH;
    let addresses = truth
        .into_iter()
        .step_by(step)
        .take(EACH)
        .map(|row| row.address)
        .collect();
    Scene {
        pack,
        directory,
        addresses,
    }
});

fn main() {
    divan::main();
}

fn day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 3, 1).expect("a day")
}

fn each(bencher: Bencher<'_, '_>, work: impl Fn(&str) + Sync) {
    let addresses = &SCENE.addresses;
    bencher.counter(ItemsCount::new(addresses.len())).bench(|| {
        for address in addresses {
            work(address);
        }
    });
}

#[divan::bench]
fn fold(bencher: Bencher<'_, '_>) {
    each(bencher, |address| {
        black_box(Line::new(address));
    });
}

#[divan::bench]
fn parse(bencher: Bencher<'_, '_>) {
    each(bencher, |address| {
        black_box(Parsed::new(&Input::line(address)));
    });
}

#[divan::bench]
fn parse_and_look_up(bencher: Bencher<'_, '_>) {
    let resolver = Resolver::new(&SCENE.pack, Some(&SCENE.directory));
    each(bencher, |address| {
        black_box(resolver.level(&Input::line(address), day()));
    });
}

#[divan::bench]
fn resolve(bencher: Bencher<'_, '_>) {
    let resolver = Resolver::new(&SCENE.pack, Some(&SCENE.directory));
    each(bencher, |address| {
        black_box(resolver.resolve(&Input::line(address), day()));
    });
}

/// Every point that the addresses have, against the polygon of a ward.
#[divan::bench]
fn polygon_test(bencher: Bencher<'_, '_>) {
    let pack = &SCENE.pack;
    let points: Vec<_> = (0..pack.streets().len() as u32)
        .filter_map(|number| {
            let street = pack.street(number)?;
            street.spot_of(&pack.range(street.ranges().start)?)
        })
        .take(EACH)
        .collect();
    let (_, polygon) = pack.polygon(0).expect("the sample has wards");
    let middle = polygon.edges[0].a;
    bencher.counter(ItemsCount::new(points.len())).bench(|| {
        points
            .iter()
            .filter(|point| {
                // Around the ward's border, where boxes alone do not decide.
                let near = redress_civics::geometry::Spot {
                    x: middle.x + point.x % 40_000,
                    y: middle.y + point.y % 40_000,
                };
                black_box(polygon.contains(near))
            })
            .count()
    });
}
