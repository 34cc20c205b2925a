//! The ground of a benchmark: a sample county, or a thousand, and its pack.

use redress_civics::pack::format::VERSION;
use redress_civics::sample::{self, Plan};
use std::path::{Path, PathBuf};

/// A sample with its pack.
#[derive(Debug, Clone)]
pub struct Ground {
    /// The sample's folder.
    pub folder: PathBuf,
    /// Its pack.
    pub pack: PathBuf,
}

/// One row of `truth.csv`.
#[derive(Debug, Clone)]
pub struct Truth {
    /// The address on one line.
    pub address: String,
    /// The governing municipality, or empty.
    pub place_geoid: String,
    /// The district's label, or empty.
    pub district: String,
    /// Why the address is interesting.
    pub kind: String,
}

impl Ground {
    /// A sample of so many counties, made when it is not there yet.
    ///
    /// # Panics
    ///
    /// When it cannot be written or built: there is nothing to measure then.
    pub fn of(scale: u32) -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/benches");
        let ground = Self {
            folder: root.join(format!("sample-{scale}-v{VERSION}")),
            pack: root.join(format!("sample-{scale}-v{VERSION}.pack")),
        };
        if !ground.pack.exists() {
            eprintln!("making a sample of {scale} counties and its pack ...");
            std::fs::create_dir_all(&root).expect("target can be written");
            let plan = Plan { seed: 1, scale };
            sample::write(&ground.folder, plan, &mut |_, _| {}).expect("the sample can be written");
            let manifest = ground.folder.join("sources.toml");
            redress_civics::build::build(&manifest, &ground.pack, &mut |_| {})
                .expect("the sample can be built");
        }
        ground
    }

    /// The rows of its truth.
    ///
    /// # Panics
    ///
    /// When the file is not there.
    pub fn truth(&self) -> Vec<Truth> {
        let mut reader = csv::Reader::from_path(self.folder.join("truth.csv"))
            .expect("the sample has its truth");
        reader
            .records()
            .map(|row| {
                let row = row.expect("a row of the truth");
                let field = |at: usize| row.get(at).unwrap_or_default().to_owned();
                Truth {
                    address: field(1),
                    place_geoid: field(2),
                    district: field(3),
                    kind: field(4),
                }
            })
            .collect()
    }
}
