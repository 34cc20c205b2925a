//! dBASE III tables as the Census writes them.
//!
//! Written here rather than with the `dbase` crate because that one stamps the header with today's date, and the same plan must give
//! the same bytes. The date is the one that the sample states of itself; strings are padded with spaces on the right, numbers on the left.

/// A column's kind and width in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Text(u8),
    Number(u8),
}

impl Kind {
    fn width(self) -> usize {
        let (Self::Text(width) | Self::Number(width)) = self;
        usize::from(width)
    }
}

/// A column: its name of at most ten letters, its kind.
pub(crate) type Column = (&'static str, Kind);

/// 2026-01-01 as the header has it: years since 1900, month, day.
const UPDATED: [u8; 3] = [126, 1, 1];
const HEADER: usize = 32;
const DESCRIPTOR: usize = 32;

/// A table being filled.
#[derive(Debug)]
pub(crate) struct Table {
    columns: &'static [Column],
    rows: u32,
    body: Vec<u8>,
}

impl Table {
    pub(crate) fn new(columns: &'static [Column]) -> Self {
        Self {
            columns,
            rows: 0,
            body: Vec::new(),
        }
    }

    /// Adds a row, one value a column; a value longer than its column is cut, as any dBASE program would.
    pub(crate) fn push(&mut self, values: &[&str]) {
        debug_assert_eq!(values.len(), self.columns.len());
        self.body.push(b' ');
        for ((name, kind), value) in self.columns.iter().zip(values) {
            let (width, bytes) = (kind.width(), value.as_bytes());
            debug_assert!(bytes.len() <= width, "{name}: {value}");
            let bytes = &bytes[..bytes.len().min(width)];
            let pad = std::iter::repeat_n(b' ', width - bytes.len());
            match kind {
                Kind::Text(_) => self.body.extend(bytes.iter().copied().chain(pad)),
                Kind::Number(_) => self.body.extend(pad.chain(bytes.iter().copied())),
            }
        }
        self.rows += 1;
    }

    pub(crate) fn bytes(&self) -> Vec<u8> {
        let header = HEADER + self.columns.len() * DESCRIPTOR + 1;
        let row: usize = 1 + self
            .columns
            .iter()
            .map(|(_, kind)| kind.width())
            .sum::<usize>();
        let mut out = Vec::with_capacity(header + self.body.len() + 1);
        out.push(3);
        out.extend(UPDATED);
        out.extend(self.rows.to_le_bytes());
        out.extend((header as u16).to_le_bytes());
        out.extend((row as u16).to_le_bytes());
        out.resize(HEADER, 0);
        for (name, kind) in self.columns {
            let start = out.len();
            out.extend(name.bytes().take(10));
            out.resize(start + 11, 0);
            out.push(if matches!(kind, Kind::Text(_)) {
                b'C'
            } else {
                b'N'
            });
            out.extend([0; 4]);
            out.push(kind.width() as u8);
            out.resize(start + DESCRIPTOR, 0);
        }
        out.push(0x0d);
        out.extend(&self.body);
        out.push(0x1a);
        out
    }
}
