//! A directory as a list that can be read again: every row of every list, in our columns.

use super::columns::COLUMNS;
use redress_model::directory::{Directory, Jurisdiction, Post, Stated, Tenure, Who};
use redress_model::official::Contact;
use std::io::Write;

/// Writes the whole directory as CSV, history included, older lists first. Columns of a source that
/// we have no word for are left out.
///
/// # Errors
///
/// When the writer fails.
pub fn write_csv(directory: &Directory, out: impl Write) -> std::io::Result<()> {
    let mut rows = Vec::new();
    for (geoid, jurisdiction) in directory.jurisdictions() {
        for post in &jurisdiction.posts {
            let of_post = |tenure| (tenure, post, jurisdiction, geoid);
            rows.extend(post.tenures.iter().map(of_post));
        }
    }
    rows.sort_by_key(|(tenure, ..)| tenure.vintage);
    let mut writer = ::csv::Writer::from_writer(out);
    writer.write_record(COLUMNS)?;
    for (tenure, post, jurisdiction, geoid) in rows {
        writer.write_record(record(tenure, post, jurisdiction, geoid))?;
    }
    writer.flush()
}

fn record(tenure: &Tenure, post: &Post, jurisdiction: &Jurisdiction, geoid: &str) -> [String; 20] {
    let holder = tenure.holder();
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let day = |day: Option<chrono::NaiveDate>| day.map_or_else(String::new, |day| day.to_string());
    let (as_of, source, contact): (_, _, &Contact) = match &tenure.who {
        Who::Holder(holder) => (&holder.as_of, &holder.source, &holder.contact),
        Who::Vacant(vacancy) => (&vacancy.as_of, &vacancy.source, &vacancy.contact),
    };
    let (district, at_large) = match &tenure.stated {
        Stated::AtLarge(label) => (text(label), "1"),
        Stated::District(label) => (label.clone(), "0"),
        Stated::SomeDistrict => (String::new(), "0"),
        Stated::Nothing => (String::new(), ""),
    };
    [
        geoid.to_owned(),
        String::new(),
        text(&jurisdiction.name),
        text(&jurisdiction.state),
        post.role.as_str().to_owned(),
        tenure.title.clone(),
        district,
        at_large.to_owned(),
        holder.map_or_else(String::new, |holder| holder.name.clone()),
        holder.map_or_else(String::new, |holder| text(&holder.party)),
        day(holder.and_then(|holder| holder.term_start)),
        day(holder.and_then(|holder| holder.term_end)),
        if holder.is_none() { "1" } else { "" }.to_owned(),
        text(&contact.email),
        text(&contact.web_form),
        text(&contact.office_address),
        text(&contact.url),
        as_of.clone().unwrap_or_else(|| day(tenure.vintage.day)),
        text(source),
        text(&jurisdiction.time_zone),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::officials::{Gatherer, Layout};

    fn read(text: &[u8]) -> Directory {
        let mut gatherer = Gatherer::new();
        gatherer
            .read_csv(text, "list", &Layout::default(), &|_| None, &mut |_| {})
            .unwrap();
        gatherer.finish()
    }

    #[test]
    fn what_is_written_reads_again_as_the_same() {
        let list = "place_geoid,role,title,district,at_large,name,vacant,term_start,term_end,email,as_of,time_zone
9900100,mayor,,,,\"Ada, the elder\",,2024,2027,ada@city.example,2026,America/Chicago
9900100,council_member,,1,,Bo,,,,,2026,
9900100,council_member,,2,1,Cy,,,,,2026,
9900100,council_member,President,,0,Di,,,,,2026,
9900100,council_member,,3,,,1,,,,2026,
99001,officer,County Executive,,,Ed,,,2025-06,,2025,
";
        let first = read(list.as_bytes());
        let mut text = Vec::new();
        write_csv(&first, &mut text).unwrap();
        assert_eq!(read(&text), first, "{}", String::from_utf8_lossy(&text));
    }
}
