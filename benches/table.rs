//! Must, aim and measured, side by side.

/// The measures of one benchmark, printed as they come.
#[derive(Debug, Default)]
pub struct Table {
    rows: usize,
}

/// How a measured value is compared with what is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Better {
    /// More is better: throughput.
    More,
    /// Less is better: time, size, errors.
    Less,
}

impl Table {
    /// With its heading not yet printed.
    pub fn new() -> Self {
        Self::default()
    }

    /// One measure: `must` and `aim` in the unit of `measured`.
    pub fn row(
        &mut self,
        what: &str,
        unit: &str,
        better: Better,
        must: f64,
        aim: f64,
        measured: f64,
    ) {
        if self.rows == 0 {
            println!(
                "{:<62} {:>12} {:>12} {:>12}  {:<16} verdict",
                "measure", "must", "aim", "measured", "unit"
            );
        }
        self.rows += 1;
        let reaches = |bound: f64| match better {
            Better::More => measured >= bound,
            Better::Less => measured <= bound,
        };
        let verdict = if reaches(aim) {
            "aim"
        } else if reaches(must) {
            "must"
        } else {
            "MISSED"
        };
        println!(
            "{what:<62} {:>12} {:>12} {:>12}  {unit:<16} {verdict}",
            short(must),
            short(aim),
            short(measured)
        );
    }

    /// A figure that nothing is asked of.
    pub fn note(&self, what: &str, unit: &str, measured: f64) {
        println!(
            "{what:<62} {:>12} {:>12} {:>12}  {unit}",
            "",
            "",
            short(measured)
        );
    }
}

/// Three digits that matter.
fn short(value: f64) -> String {
    if value >= 1000.0 {
        format!("{value:.0}")
    } else if value >= 10.0 {
        format!("{value:.1}")
    } else {
        format!("{value:.3}")
    }
}
