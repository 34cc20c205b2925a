//! dBASE tables, read by column, without a map per record.
//!
//! A nation's shapefiles hold a hundred million records; a library that makes a hash table of
//! each is too slow by an order. Fixed-width fields need no more than this.

/// An open table.
pub struct Table<'bytes> {
    bytes: &'bytes [u8],
    records: usize,
    header: usize,
    record: usize,
    fields: Vec<(String, usize, usize)>,
}

/// A column's place in each record.
#[derive(Debug, Clone, Copy)]
pub struct Column {
    start: usize,
    width: usize,
}

impl<'bytes> Table<'bytes> {
    /// Reads the header; says what is wrong with it.
    pub fn new(bytes: &'bytes [u8]) -> Result<Self, String> {
        let short = |at: usize| {
            bytes
                .get(at..at + 2)
                .map(|two| usize::from(u16::from_le_bytes([two[0], two[1]])))
        };
        let count = bytes
            .get(4..8)
            .map(|four| u32::from_le_bytes([four[0], four[1], four[2], four[3]]) as usize);
        let (Some(records), Some(header), Some(record)) = (count, short(8), short(10)) else {
            return Err("is cut short within its header".into());
        };
        let mut fields = Vec::new();
        let (mut at, mut start) = (32, 1);
        while bytes.get(at).is_some_and(|first| *first != 0x0d) {
            let Some(field) = bytes.get(at..at + 32).filter(|_| at + 32 <= header) else {
                return Err("has a broken field list".into());
            };
            let name = String::from_utf8_lossy(&field[..11])
                .trim_end_matches(['\0', ' '])
                .to_uppercase();
            let width = usize::from(field[16]);
            fields.push((name, start, width));
            start += width;
            at += 32;
        }
        if record == 0 || start > record || header < 33 {
            return Err("has fields wider than its records".into());
        }
        let held = bytes.len().saturating_sub(header) / record;
        if held < records {
            return Err(format!(
                "is cut short: {held} of {records} records are there"
            ));
        }
        Ok(Self {
            bytes,
            records,
            header,
            record,
            fields,
        })
    }

    /// How many records.
    pub fn len(&self) -> usize {
        self.records
    }

    /// A column by the first of some names that is there.
    pub fn column(&self, names: &[&str]) -> Option<Column> {
        names
            .iter()
            .find_map(|wanted| {
                self.fields
                    .iter()
                    .find(|(name, ..)| name.eq_ignore_ascii_case(wanted))
            })
            .map(|(_, start, width)| Column {
                start: *start,
                width: *width,
            })
    }

    /// The names of the columns.
    pub fn names(&self) -> String {
        self.fields
            .iter()
            .map(|(name, ..)| name.as_str())
            .collect::<Vec<_>>()
            .join(", ")
    }

    /// A field, trimmed; Latin-1 where it is no UTF-8.
    pub fn get(&self, record: usize, column: Option<Column>) -> std::borrow::Cow<'bytes, str> {
        let Some(column) = column else {
            return "".into();
        };
        let start = self.header + record * self.record + column.start;
        let bytes = self.bytes.get(start..start + column.width).unwrap_or(&[]);
        match std::str::from_utf8(bytes) {
            Ok(text) => text.trim_matches(['\0', ' ']).into(),
            Err(_) => bytes
                .iter()
                .map(|byte| char::from(*byte))
                .collect::<String>()
                .trim_matches(['\0', ' '])
                .to_owned()
                .into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_broken_table_is_refused_with_a_word() {
        assert!(Table::new(&[]).is_err());
        assert!(Table::new(&[3; 40]).is_err());
        let mut table = vec![0_u8; 65];
        table[4] = 9;
        table[8] = 65;
        table[10] = 5;
        table[32..36].copy_from_slice(b"NAME");
        table[48] = 4;
        table[64] = 0x0d;
        assert!(Table::new(&table).is_err_and(|message| message.contains("0 of 9")));
        table[4] = 0;
        assert_eq!(Table::new(&table).unwrap().len(), 0);
    }
}
