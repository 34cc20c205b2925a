//! A printed letter in Spanish.

use super::{Cleaned, Count, Said};
use crate::list::long_date_spanish as long_date;
use std::fmt::Write;

/// Every sentence; what is the same in all languages is filled in by the caller.
pub(super) fn said(l: &Cleaned<'_>) -> Said {
    let view = l.view;
    Said {
        heading: format!("Carta {}: {}", view.letter, l.petition),
        organization: String::new(),
        sender: String::new(),
        date: long_date(view.dated_on),
        addressee: addressee(l),
        which: which(l),
        salutation: match &l.name {
            Some(name) => format!("A la atención de {name}:"),
            None => format!("A la oficina de {}:", office(l)),
        },
        opening: opening(l),
        caution: (!view.needs_confirmation).then(|| {
            "Esta petición cuenta firmas que no se confirman por correo electrónico. Le pedimos que lea cada número de esta carta teniéndolo presente.".to_owned()
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
        answer: format!(
            "Para responder, conteste a nuestro mensaje, o escriba a {} o a la dirección de arriba. Le pedimos que use los nombres para considerar esta petición y para nada más.",
            l.contact
        ),
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

fn office(l: &Cleaned<'_>) -> String {
    match &l.district {
        Some(district) => format!("{}, {district}", l.title),
        None => l.title.clone(),
    }
}

fn addressee(l: &Cleaned<'_>) -> Vec<String> {
    let name = l.name.iter().cloned();
    name.chain([office(l), format!("{}, {}", l.place, l.state)])
        .collect()
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
        "a su gobierno local"
    } else {
        "a usted"
    };
    let mut text = format!(
        "{total} {} de {}, {}, {} la petición «{}» y {} {whom} que actúe conforme a ella. Escribimos en su nombre.",
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
    if view.reader.is_clerk {
        text += " Le pedimos que incluya esta carta entre las comunicaciones del público para la próxima sesión del órgano de gobierno.";
    }
    text
}

fn standing(l: &Cleaned<'_>) -> Option<String> {
    let standing = l.view.standing.as_ref()?;
    let matter = super::one_line(&standing.matter, 160);
    if !standing.exists {
        return Some(format!(
            "Que sepamos, {} no tiene hoy {matter}. Si nos equivocamos, díganoslo y corregiremos nuestro registro.",
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
        "Que sepamos, {} tiene {matter}{since}{source}. Si ya no es así, díganoslo y corregiremos nuestro registro.",
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
