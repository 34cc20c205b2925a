//! The words of a list, and days as a letter writes them, in both languages.

use super::{Known, PrintedList};
use crate::language::Language;
use crate::letter::Count;
use chrono::{Datelike, NaiveDate};

const ENGLISH: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

const SPANISH: [&str; 12] = [
    "enero",
    "febrero",
    "marzo",
    "abril",
    "mayo",
    "junio",
    "julio",
    "agosto",
    "septiembre",
    "octubre",
    "noviembre",
    "diciembre",
];

/// `March 4, 2026`.
pub(crate) fn long_date_english(day: NaiveDate) -> String {
    let month = ENGLISH[day.month0() as usize];
    format!("{month} {}, {}", day.day(), day.year())
}

/// `4 de marzo de 2026`.
pub(crate) fn long_date_spanish(day: NaiveDate) -> String {
    let month = SPANISH[day.month0() as usize];
    format!("{} de {month} de {}", day.day(), day.year())
}

/// What nobody typed.
pub(super) struct Words {
    pub(super) heads: [&'static str; 7],
    pub(super) withheld: &'static str,
    pub(super) withdrawn: &'static str,
    pub(super) erased: &'static str,
    pub(super) title: &'static str,
    pub(super) root: &'static str,
    pub(super) note: &'static str,
    language: Language,
}

impl Words {
    pub(super) fn of(language: Language) -> Self {
        match language {
            Language::English => Self {
                heads: [
                    "No.",
                    "Name",
                    "City",
                    "ZIP",
                    "District",
                    "Signed on",
                    "Verified",
                ],
                withheld: "name withheld",
                withdrawn: "withdrawn",
                erased: "erased since by the signer",
                title: "List of signers",
                root: "Merkle root",
                note: "E-mail addresses, telephone numbers and streets are not in this list. The file whose SHA-256 stands here is the table (CSV) that came with the letter.",
                language,
            },
            Language::Spanish => Self {
                heads: [
                    "N.º",
                    "Nombre",
                    "Ciudad",
                    "ZIP",
                    "Distrito",
                    "Firmó el",
                    "Verificado",
                ],
                withheld: "nombre reservado",
                withdrawn: "retirada",
                erased: "borrada después por quien firmó",
                title: "Lista de firmas",
                root: "Raíz de Merkle",
                note: "Esta lista no contiene correos electrónicos, teléfonos ni calles. El archivo cuyo SHA-256 figura aquí es la tabla (CSV) que acompañó la carta.",
                language,
            },
        }
    }

    pub(super) fn known(&self, known: Known) -> &'static str {
        match (self.language, known) {
            (Language::English, Known::Confirmed) => "by e-mail",
            (Language::English, Known::SelfAsserted) => "self-asserted",
            (Language::English, Known::Paper) => "on paper",
            (Language::English, Known::Unconfirmed) => "unconfirmed",
            (Language::Spanish, Known::Confirmed) => "por correo",
            (Language::Spanish, Known::SelfAsserted) => "declarado",
            (Language::Spanish, Known::Paper) => "en papel",
            (Language::Spanish, Known::Unconfirmed) => "sin confirmar",
        }
    }

    /// `Letter 3, part 1 of 2`.
    pub(super) fn letter(&self, list: &PrintedList) -> String {
        let (letter, part, of) = match self.language {
            Language::English => ("Letter", "part", "of"),
            Language::Spanish => ("Carta", "parte", "de"),
        };
        if list.parts > 1 {
            format!(
                "{letter} {}, {part} {} {of} {}",
                list.letter, list.part, list.parts
            )
        } else {
            format!("{letter} {}", list.letter)
        }
    }

    /// `signers 925 to 1,234 · 1,234 in all · batch 7 · March 4, 2026`.
    pub(super) fn which(&self, list: &PrintedList) -> String {
        let (from, to) = (Count(list.first), Count(list.last));
        let (total, batch) = (Count(list.total), Count(list.batch));
        match self.language {
            Language::English => {
                let signers = if list.count == 1 {
                    format!("signer {from}")
                } else {
                    format!("signers {from} to {to}")
                };
                let day = long_date_english(list.frozen_on);
                format!("{signers} · {total} in all · batch {batch} · {day}")
            }
            Language::Spanish => {
                let signers = if list.count == 1 {
                    format!("firma {from}")
                } else {
                    format!("firmas {from} a {to}")
                };
                let day = long_date_spanish(list.frozen_on);
                format!("{signers} · {total} en total · lote {batch} · {day}")
            }
        }
    }

    /// `page 3 of 217`.
    pub(super) fn page(&self, page: usize, pages: usize) -> String {
        let (page, pages) = (Count(page as u32), Count(pages as u32));
        match self.language {
            Language::English => format!("page {page} of {pages}"),
            Language::Spanish => format!("página {page} de {pages}"),
        }
    }
}
