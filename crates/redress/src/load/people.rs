//! Who comes: made-up names at the addresses of a file.

use crate::failure::Failure;
use anyhow::anyhow;
use serde_json::json;
use std::path::Path;

/// Signers by their number in the order of arrival.
#[derive(Debug)]
pub struct People {
    addresses: Vec<[String; 4]>,
    /// Parts the e-mail addresses of one run from those of another.
    run: String,
}

impl People {
    /// At the addresses of a CSV: `street, city, state, zip`, or `address` with all of them, parted by commas.
    pub fn read(path: &Path, run: String) -> Result<Self, Failure> {
        let unreadable =
            |error: csv::Error| Failure::failed(anyhow!("{}: {error}", path.display()));
        let mut reader = csv::Reader::from_path(path).map_err(unreadable)?;
        let header = reader.headers().map_err(unreadable)?.clone();
        let column = |name: &str| header.iter().position(|known| known == name);
        let parts = ["street", "city", "state", "zip"].map(column);
        let whole = column("address");
        let mut addresses = Vec::new();
        for row in reader.records() {
            let row = row.map_err(unreadable)?;
            let field = |at: Option<usize>| at.and_then(|at| row.get(at));
            match parts.map(field) {
                [Some(street), Some(city), Some(state), Some(zip)] => {
                    addresses.push([street, city, state, zip].map(str::to_owned));
                }
                _ => addresses.extend(field(whole).and_then(apart)),
            }
        }
        if addresses.is_empty() {
            return Err(Failure::failed(anyhow!(
                "{} has no address: columns street, city, state, zip or address are needed",
                path.display()
            )));
        }
        Ok(Self { addresses, run })
    }

    /// A signer as JSON for the API; each number is another person.
    pub fn signer(&self, number: u64) -> String {
        let [street, city, state, zip] = &self.addresses[number as usize % self.addresses.len()];
        json!({
            "name": format!("Signer {}", letters(number)), "email": format!("signer{number}.{}@example.org", self.run),
            "street": street, "city": city, "state": state, "zip": zip, "list_name": true,
        })
        .to_string()
    }
}

/// `12 OAK ST, ALDER, ZZ 99501`.
fn apart(address: &str) -> Option<[String; 4]> {
    let [street, city, last] = address.split(", ").collect::<Vec<_>>().try_into().ok()?;
    let (state, zip) = last.split_once(' ')?;
    Some([street, city, state, zip].map(str::to_owned))
}

/// A number as letters: names have no figures.
fn letters(mut number: u64) -> String {
    let mut letters = String::new();
    loop {
        letters.push(char::from(b'a' + (number % 26) as u8));
        number /= 26;
        if number == 0 {
            return letters;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_number_is_another_person_at_an_address_of_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("addresses.csv");
        std::fs::write(
            &path,
            "id,address\n1,\"12 OAK ST, ALDER, ZZ 99501\"\n2,nowhere\n",
        )
        .unwrap();
        let people = People::read(&path, "r".into()).unwrap();
        let signer: serde_json::Value = serde_json::from_str(&people.signer(27)).unwrap();
        assert_eq!(signer["street"], "12 OAK ST");
        assert_eq!(
            (&signer["state"], &signer["zip"]),
            (&"ZZ".into(), &"99501".into())
        );
        assert_ne!(people.signer(27), people.signer(28));
        assert_ne!(letters(26), letters(1));
        std::fs::write(&path, "id\n1\n").unwrap();
        assert!(People::read(&path, "r".into()).is_err());
    }
}
