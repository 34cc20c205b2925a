//! What is asked of the civic half, measured: `cargo bench -p redress-benches --bench civics [-- SCALE]`.
//!
//! SCALE is the number of sample counties, 900 (5.2 million range sides) when it is not given;
//! with the word `resolving` only the speed of answers is measured.

use chrono::NaiveDate;
use mimalloc::MiMalloc;
use redress_benches::clock::{median, now, timed};
use redress_benches::ground::{Ground, Truth};
use redress_benches::table::{Better, Table};
use redress_civics::build::build;
use redress_civics::officials::Directory;
use redress_civics::pack::Pack;
use redress_civics::pack::format::Section;
use redress_civics::parse::{Input, Parsed};
use redress_civics::resolve::Resolver;
use redress_civics::sample::{self, Plan};
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// The program's own allocator.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

const MILLION: usize = 1_000_000;

fn main() {
    let scale = std::env::args()
        .skip(1)
        .find_map(|argument| argument.parse().ok())
        .unwrap_or(900);
    let ground = Ground::of(scale);
    let truth = ground.truth();
    let pack = Pack::hold(&ground.pack).expect("the pack opens");
    let directory: Directory = pack
        .json(Section::Officials)
        .expect("the pack has its officials");
    println!(
        "{} counties, {} range sides, {} addresses\n",
        scale,
        pack.ranges().len(),
        truth.len()
    );
    let mut table = Table::new();
    resolving(&mut table, &pack, &directory, &truth);
    if std::env::args().any(|argument| argument == "resolving") {
        return;
    }
    right(&mut table, &pack, &directory, &truth);
    size(&mut table, &pack);
    opening(&mut table, &ground.pack);
    batch(&mut table, &ground, &truth);
    building(&mut table);
}

fn day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 3, 1).expect("a day")
}

/// Addresses in an order in which neighbours have nothing to do with each other; their texts lie in that order, as what was just read does.
fn shuffled(truth: &[Truth]) -> Vec<String> {
    let step = 48_271;
    let mut at = 0;
    (0..truth.len())
        .map(|_| {
            at = (at + step) % truth.len();
            truth[at].address.clone()
        })
        .collect()
}

fn resolving(table: &mut Table, pack: &Pack, directory: &Directory, truth: &[Truth]) {
    let resolver = Resolver::new(pack, Some(directory));
    let addresses = shuffled(truth);
    let round = |work: &dyn Fn(&str)| {
        let calls = addresses.iter().cycle().take(MILLION);
        let (took, ()) = timed(|| calls.for_each(|address| work(address)));
        MILLION as f64 / took.as_secs_f64()
    };
    // The first round brings the pack into memory.
    round(&|address| {
        black_box(resolver.level(&Input::line(address), day()));
    });
    let parsed = round(&|address| {
        black_box(Parsed::new(&Input::line(address)));
    });
    table.note("parses a second, one core", "addresses/s", parsed);
    let found = round(&|address| {
        black_box(resolver.level(&Input::line(address), day()));
    });
    table.note(
        "parse, look-up and polygon test, one core",
        "addresses/s",
        found,
    );
    let whole = round(&|address| {
        black_box(resolver.resolve(&Input::line(address), day()));
    });
    table.row(
        "full resolutions one by one, one core, warm, in process",
        "addresses/s",
        Better::More,
        300_000.0,
        1_000_000.0,
        whole,
    );
    let bulk = || {
        let inputs: Vec<Input<'_>> = addresses
            .iter()
            .cycle()
            .take(MILLION)
            .map(|address| Input::line(address))
            .collect();
        let (took, ()) = timed(|| {
            for some in inputs.chunks(1_000) {
                resolver.resolve_many(some, day(), |answer| {
                    black_box(answer);
                });
            }
        });
        MILLION as f64 / took.as_secs_f64()
    };
    table.row(
        "full resolutions in bulk, one core, warm, in process",
        "addresses/s",
        Better::More,
        300_000.0,
        1_000_000.0,
        bulk(),
    );
    let mut took: Vec<Duration> = addresses
        .iter()
        .cycle()
        .take(MILLION)
        .map(|address| {
            let begun = now();
            black_box(resolver.resolve(&Input::line(address), day()));
            begun.elapsed()
        })
        .collect();
    took.sort_unstable();
    let at = |share: f64| took[((took.len() - 1) as f64 * share) as usize].as_secs_f64() * 1e6;
    table.row(
        "latency p99 over a million calls",
        "us",
        Better::Less,
        20.0,
        5.0,
        at(0.99),
    );
    table.row(
        "latency p99.9 over a million calls",
        "us",
        Better::Less,
        20.0,
        50.0,
        at(0.999),
    );
    table.note("latency p50", "us", at(0.5));
}

fn right(table: &mut Table, pack: &Pack, directory: &Directory, truth: &[Truth]) {
    let resolver = Resolver::new(pack, Some(directory));
    let (mut wrong_place, mut wrong_district, mut silent, mut abstained) =
        (0_u32, 0_u32, 0_u32, 0_u32);
    for row in truth {
        let answer = resolver.resolve(&Input::line(&row.address), day());
        let is_answered = answer.level.attributes_district();
        let place = answer
            .place
            .as_ref()
            .map_or("", |place| place.geoid.as_str());
        let district = answer.district.as_deref().unwrap_or("");
        abstained += u32::from(!is_answered);
        wrong_place += u32::from(is_answered && place != row.place_geoid);
        let is_wrong = is_answered
            && place == row.place_geoid
            && !district.is_empty()
            && district != row.district;
        wrong_district += u32::from(is_wrong);
        silent += u32::from(is_wrong && answer.reasons.is_empty());
    }
    let share = |count: u32| f64::from(count) * 100.0 / truth.len() as f64;
    table.row(
        "wrong municipality",
        "% of addresses",
        Better::Less,
        0.1,
        0.0,
        share(wrong_place),
    );
    table.row(
        "wrong district",
        "% of addresses",
        Better::Less,
        0.2,
        0.0,
        share(wrong_district),
    );
    table.row(
        "wrong district without a flag",
        "% of addresses",
        Better::Less,
        0.0,
        0.0,
        share(silent),
    );
    table.row(
        "abstained (asked, or not located)",
        "% of addresses",
        Better::Less,
        3.0,
        1.0,
        share(abstained),
    );
}

fn size(table: &mut Table, pack: &Pack) {
    let sides = pack.ranges().len() as f64;
    table.row(
        "pack, all included",
        "bytes/side",
        Better::Less,
        24.0,
        23.8,
        pack.file_length() as f64 / sides,
    );
    table.row(
        "hot records",
        "bytes/side",
        Better::Less,
        12.0,
        12.0,
        pack.section_length(Section::Ranges) as f64 / sides,
    );
    for section in Section::ALL {
        let bytes = pack.section_length(*section) as f64;
        if bytes / sides > 0.05 {
            table.note(
                &format!("  of that {}", section.name()),
                "bytes/side",
                bytes / sides,
            );
        }
    }
}

fn opening(table: &mut Table, path: &Path) {
    let took = (0..101)
        .map(|_| timed(|| black_box(Pack::open(path).expect("the pack opens"))).0)
        .collect();
    table.row(
        "open a pack",
        "ms",
        Better::Less,
        20.0,
        5.0,
        median(took).as_secs_f64() * 1e3,
    );
}

/// The program itself, with its start, on a file of 10,000 addresses.
fn batch(table: &mut Table, ground: &Ground, truth: &[Truth]) {
    let Some(program) = program() else { return };
    let (input, output) = (
        ground.folder.join("batch.csv"),
        ground.folder.join("answers.csv"),
    );
    let mut writer = csv::Writer::from_path(&input).expect("the batch can be written");
    writer
        .write_record(["id", "address"])
        .expect("the batch can be written");
    for (number, address) in shuffled(truth).into_iter().cycle().take(10_000).enumerate() {
        writer
            .write_record([&number.to_string(), &address])
            .expect("the batch can be written");
    }
    drop(writer);
    let run = || {
        let status = std::process::Command::new(&program)
            .args([
                "civics",
                "resolve",
                "--quiet",
                "--on",
                "2026-03-01",
                "--pack",
            ])
            .arg(&ground.pack)
            .arg("--batch")
            .arg(&input)
            .arg("--out")
            .arg(&output)
            .stdout(std::process::Stdio::null())
            .status();
        assert!(
            status.is_ok_and(|status| status.success()),
            "the batch is answered"
        );
    };
    run();
    let took = (0..11).map(|_| timed(run).0).collect();
    table.row(
        "file of 10,000 addresses, process start included",
        "ms",
        Better::Less,
        100.0,
        25.0,
        median(took).as_secs_f64() * 1e3,
    );
}

/// The program that `REDRESS_PROGRAM` names, else the one that is built now; with `none` no program is measured.
fn program() -> Option<PathBuf> {
    if let Ok(named) = std::env::var("REDRESS_PROGRAM") {
        return (named != "none").then(|| PathBuf::from(named));
    }
    let built = std::process::Command::new("cargo")
        .args(["build", "--release", "--quiet", "--package", "redress"])
        .status();
    assert!(
        built.is_ok_and(|status| status.success()),
        "the program builds"
    );
    Some(Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/release/redress"))
}

fn building(table: &mut Table) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/benches");
    for (what, scale, rounds, must, aim) in [
        (
            "build the pack of a median county (one sample county)",
            1,
            11,
            200.0,
            50.0,
        ),
        (
            "build the pack of a county like Los Angeles (78 sample counties)",
            78,
            1,
            10_000.0,
            3_000.0,
        ),
    ] {
        let folder = root.join(format!("county-{scale}"));
        let written = sample::write(&folder, Plan { seed: 1, scale }, &mut |_, _| {})
            .expect("the sample can be written");
        let out = folder.join("county.pack");
        let took = (0..rounds)
            .map(|_| {
                timed(|| build(&folder.join("sources.toml"), &out, &mut |_| {}).expect("it builds"))
                    .0
            })
            .collect();
        table.row(
            what,
            "ms",
            Better::Less,
            must,
            aim,
            median(took).as_secs_f64() * 1e3,
        );
        table.note("  its range sides", "sides", written.range_sides as f64);
    }
}
