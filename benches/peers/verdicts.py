"""Right, wrong or abstained: what an answer about an address is worth against `truth.csv`."""

RIGHT, WRONG, ABSTAINED = "right", "wrong", "abstained"
VERDICTS = [RIGHT, WRONG, ABSTAINED]

# docs/reasons.md: with these an answer attributes a place; only the first three attribute a district too.
ATTRIBUTES_DISTRICT = {"exact", "exact_split", "relaxed"}
ATTRIBUTES_PLACE = ATTRIBUTES_DISTRICT | {"street"}


def judged(answer, truth):
    """An answer is a text, empty where it says that there is none; None is an abstention."""
    if answer is None:
        return ABSTAINED
    return RIGHT if answer == truth else WRONG


def of_redress(row):
    """Place and district of a row of `redress civics resolve --batch`.

    A question names a place where all its candidates agree; with no place it is not told apart from land outside any, and counts as an
    abstention. A place is attributed without its district where a reason says why the district is missing.
    """
    level, place, district = row["level"], row["place_geoid"], row["district"]
    if level not in ATTRIBUTES_PLACE and not (level == "candidates" and place):
        return None, None
    return place, (district or None) if level in ATTRIBUTES_DISTRICT else None


def of_geocoder(row, worst):
    """Place and district of the geocoder's point; a point with a rating above `worst` is not taken."""
    if not row["rating"] or int(row["rating"]) > worst:
        return None, None
    return row["place_geoid"], row["district"]


def of_row(answer, truth):
    """The verdict on the place; that on the district, None where the truth has none; and whether a district is named that does not exist."""
    place, district = answer
    if truth["district"]:
        return judged(place, truth["place_geoid"]), judged(district, truth["district"]), False
    return judged(place, truth["place_geoid"]), None, bool(district)
