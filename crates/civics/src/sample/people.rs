//! Names of people: made up from common first and last names, with the spellings that careless software breaks.

use rand::RngExt;
use rand_chacha::ChaCha8Rng;

use super::random;

const FIRST: [&str; 48] = [
    "Aaliyah",
    "Agnès",
    "Ana María",
    "André",
    "Anh",
    "Beatriz",
    "Björn",
    "Carmen",
    "Chidi",
    "Chloë",
    "D'Andre",
    "Deborah",
    "Dmitri",
    "Eleanor",
    "Esperanza",
    "Fatima",
    "François",
    "Gloria",
    "Grace",
    "Hiroshi",
    "Ingrid",
    "Isaiah",
    "Jamal",
    "Jean-Luc",
    "José",
    "Joyce",
    "Kwame",
    "Lakshmi",
    "Latoya",
    "Leilani",
    "Linda",
    "Małgorzata",
    "Marcus",
    "Mary Beth",
    "Nguyệt",
    "Noor",
    "Oksana",
    "Patricia",
    "Ramón",
    "Robert",
    "Saoirse",
    "Siobhán",
    "Søren",
    "Tomás",
    "Wei",
    "William",
    "Yolanda",
    "Zoë",
];

const LAST: [&str; 56] = [
    "Abernathy",
    "Achterberg",
    "Al-Khatib",
    "Ångström",
    "Baker",
    "Begay",
    "Bianchi",
    "Brown",
    "Castañeda",
    "Chen",
    "Cohen",
    "Cruz",
    "D'Angelo",
    "de la Cruz",
    "Dubois",
    "El-Amin",
    "Fitzgerald",
    "Gonçalves",
    "Greene",
    "Gutiérrez",
    "Hernández",
    "Ito",
    "Jackson",
    "Jensen",
    "Johnson",
    "Kamaka",
    "Kowalczyk",
    "Le",
    "Li",
    "López-Rivera",
    "Małecki",
    "McAllister",
    "Mendoza",
    "Mueller",
    "Müller",
    "Muñoz",
    "Nakamura",
    "Nguyễn",
    "Novák",
    "O'Connor",
    "O'Neill",
    "Okafor",
    "Okonkwo",
    "Patel",
    "Peña",
    "Quiñones",
    "Ramírez",
    "Singh",
    "Smith-Jones",
    "St. John",
    "Þórsson",
    "Van der Berg",
    "Washington",
    "Wójcik",
    "Yellowhorse",
    "Zúñiga",
];

/// Names that are not written in Latin letters.
const OTHER_SCRIPTS: [&str; 6] = [
    "王秀英",
    "Анна Соколова",
    "김민준",
    "فاطمة الزهراء",
    "Ελένη Παππά",
    "प्रिया शर्मा",
];

const PARTIES: [&str; 4] = ["", "", "Nonpartisan", "Independent"];

/// A name, and a party that is often unstated.
pub(crate) fn person(random: &mut ChaCha8Rng) -> (String, &'static str) {
    let party = random::any(random, &PARTIES);
    if random.random_bool(0.06) {
        return (random::any(random, &OTHER_SCRIPTS).to_owned(), party);
    }
    let first = random::any(random, &FIRST);
    let last = random::any(random, &LAST);
    let ending = if random.random_bool(0.04) {
        ", Jr."
    } else {
        ""
    };
    (format!("{first} {last}{ending}"), party)
}
