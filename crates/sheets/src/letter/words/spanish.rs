//! A printed letter in Spanish.

use super::readers::{lines, spoken_to};
use super::{Cleaned, Count, Said};
use crate::list::long_date_spanish as long_date;
use std::fmt::Write;

/// Every sentence; what is the same in all languages is filled in by the caller.
pub(super) fn said(l: &Cleaned<'_>) -> Said {
    let view = l.view;
    // One is asked, or several are.
    let (asked, are_several) = (l.asked(), !l.body.is_empty());
    Said {
        heading: format!("Carta {}: {}", view.letter, l.petition),
        organization: String::new(),
        sender: String::new(),
        date: long_date(view.dated_on),
        addressee: addressee(l),
        which: which(l),
        salutation: salutation(l),
        opening: opening(l),
        caution: (!view.needs_confirmation).then(|| {
            let read = if are_several { "lean" } else { "lea" };
            format!("Esta petición cuenta firmas que no se confirman por correo electrónico. {asked} que {read} cada número de esta carta teniéndolo presente.")
        }),
        ask_heading: "Lo que dice la petición".to_owned(),
        ask: Vec::new(),
        ask_goes_on: false,
        cut: "(el texto completo está en el mensaje y en la página de la petición)".to_owned(),
        standing: standing(l),
        new: "en esta carta".to_owned(),
        total: "en total".to_owned(),
        rows: Vec::new(),
        districts: Vec::new(),
        more_districts: "otros distritos: en el mensaje".to_owned(),
        known_heading: "Cómo se conocen las firmas de esta carta".to_owned(),
        known: known(l),
        answer: if are_several {
            format!(
                "Para responder, contesten a nuestro mensaje, o escriban a {} o a la dirección de arriba. {asked} que usen los nombres para considerar esta petición y para nada más.",
                l.contact
            )
        } else {
            format!(
                "Para responder, conteste a nuestro mensaje, o escriba a {} o a la dirección de arriba. {asked} que use los nombres para considerar esta petición y para nada más.",
                l.contact
            )
        },
        closing: "Atentamente,".to_owned(),
        verify: format!(
            "Lote {} en el registro público: todas las cartas sobre esta petición, y cómo comprobar que una lista de firmas es la que enviamos.",
            Count(view.batch)
        ),
        verify_url: String::new(),
        hashes: Vec::new(),
        foot: "de la lista de firmas".to_owned(),
    }
}

impl Cleaned<'_> {
    /// How a wish begins that is put to the readers.
    fn asked(&self) -> &'static str {
        if self.body.is_empty() {
            "Le pedimos"
        } else {
            "Les pedimos"
        }
    }
}

fn salutation(l: &Cleaned<'_>) -> String {
    if l.body.is_empty() {
        return match &l.reader.name {
            Some(name) => format!("A la atención de {name}:"),
            None => format!("A la oficina de {}:", l.reader.office()),
        };
    }
    match spoken_to(&l.body, "y", |one| one.name.clone()) {
        Some(together) => format!("A la atención de {together}:"),
        None => format!("A los miembros del órgano de gobierno de {}:", l.place),
    }
}

fn addressee(l: &Cleaned<'_>) -> Vec<String> {
    let place = format!("{}, {}", l.place, l.state);
    if l.body.is_empty() {
        let name = l.reader.name.iter().cloned();
        return name.chain([l.reader.office(), place]).collect();
    }
    let (mut lines, more) = lines(&l.body);
    if more > 0 {
        lines.push(format!("y {more} más, nombrados en el mensaje"));
    }
    lines.push(place);
    lines
}

fn which(l: &Cleaned<'_>) -> String {
    let view = l.view;
    let part = if view.parts > 1 {
        format!(", parte {} de {}", view.part, view.parts)
    } else {
        String::new()
    };
    let signers = if view.count == 1 {
        format!("firma {}", Count(view.first))
    } else {
        format!("firmas {} a {}", Count(view.first), Count(view.last))
    };
    format!(
        "Carta {}{part} · {signers} · {} en total",
        Count(view.letter),
        Count(view.total)
    )
}

fn opening(l: &Cleaned<'_>) -> String {
    let (view, total) = (l.view, Count(l.view.total));
    let whom = if view.reader.is_clerk {
        "a su gobierno local que actúe"
    } else if l.body.is_empty() {
        "a usted que actúe"
    } else {
        "a ustedes que actúen"
    };
    let mut text = format!(
        "{total} {} de {}, {}, {} la petición «{}» y {} {whom} conforme a ella. Escribimos en su nombre.",
        total.pick("residente", "residentes"),
        l.place,
        l.state,
        total.pick("ha firmado", "han firmado"),
        l.petition,
        total.pick("pide", "piden"),
    );
    if view.letter > 1 {
        let new = Count(view.new_since_last);
        let have = new.pick("ha firmado", "han firmado");
        let _ = write!(text, " Desde nuestra última carta {have} {new}.");
    }
    if !l.body.is_empty() {
        text += " Como desean sus oficinas, esta es una sola carta para todos ustedes, por medio de su secretaría.";
    }
    if view.reader.is_clerk {
        text += " Le pedimos que incluya esta carta entre las comunicaciones del público para la próxima sesión del órgano de gobierno.";
    }
    text
}

fn standing(l: &Cleaned<'_>) -> Option<String> {
    let standing = l.view.standing.as_ref()?;
    let matter = super::one_line(&standing.matter, 160);
    let tell = if l.body.is_empty() {
        "díganoslo"
    } else {
        "dígannoslo"
    };
    if !standing.exists {
        return Some(format!(
            "Que sepamos, {} no tiene hoy {matter}. Si nos equivocamos, {tell} y corregiremos nuestro registro.",
            l.place
        ));
    }
    let since = standing.since_on.map(long_date);
    let since = since.map_or_else(String::new, |day| format!(", conocido desde el {day}"));
    let source = standing
        .source
        .as_deref()
        .map(|it| super::one_line(it, 100));
    let source = source.map_or_else(String::new, |source| format!(" (fuente: {source})"));
    Some(format!(
        "Que sepamos, {} tiene {matter}{since}{source}. Si ya no es así, {tell} y corregiremos nuestro registro.",
        l.place
    ))
}

fn known(l: &Cleaned<'_>) -> Vec<String> {
    let verified = l.view.verified;
    [
        (
            verified.confirmed,
            "por correo electrónico, dirección en el mapa",
        ),
        (verified.unconfirmed, "sin confirmar, dirección en el mapa"),
        (verified.self_asserted, "dijeron su ciudad o distrito"),
        (verified.paper, "en papel"),
    ]
    .into_iter()
    .filter(|(count, _)| *count > 0)
    .map(|(count, how)| format!("{} {how}", Count(count)))
    .collect()
}
