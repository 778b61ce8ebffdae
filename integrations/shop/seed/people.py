"""The demo shop's customers and where they live.

Phone numbers lie in ranges kept for fiction: 555-01xx in North America, 07700 900xxx in Britain.
China keeps none; the 154 segment has not been handed out to subscribers. E-mail addresses are at
the reserved `example.*` domains.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from random import Random

from integrations.shop.models import Customer, LocalizedText
from integrations.shop.seed.sheets import Row, read, wordings

CHINESE_SHARE = 0.55
TIERS = (("standard", 78), ("silver", 16), ("gold", 6))
MAIL_DOMAINS = ("example.com", "example.org", "example.net")


@dataclass(frozen=True)
class Place:
    """A city parcels go to."""

    country: str
    city: LocalizedText
    region: LocalizedText
    postcode: str
    hub: LocalizedText
    phone_prefix: str
    phone_digits: int
    utc_offset: timedelta
    """Standard time there: enough to keep couriers from delivering at night."""


@dataclass(frozen=True)
class Resident:
    """A customer with an address."""

    customer: Customer
    place: Place
    address: str


def places() -> list[Place]:
    """Return every city of the sheet."""
    return [
        Place(
            country=row["country"],
            city=LocalizedText(row["zh"], row["en"]),
            region=LocalizedText(row["region_zh"], row["region_en"]),
            postcode=row["postcode"],
            hub=LocalizedText(row["hub_zh"], row["hub_en"]),
            phone_prefix=row["phone_prefix"],
            phone_digits=int(row["phone_digits"]),
            utc_offset=timedelta(hours=int(row["utc_offset"])),
        )
        for row in read("places")
    ]


def residents(rng: Random, count: int) -> list[Resident]:
    """Return `count` customers; the same `rng` state gives the same people."""
    cities = places()
    at_home = [place for place in cities if place.country == "CN"]
    abroad = [place for place in cities if place.country != "CN"]
    names, streets = read("names"), read("streets")
    chinese = round(count * CHINESE_SHARE)
    locales = ["zh"] * chinese + ["en"] * (count - chinese)
    rng.shuffle(locales)
    people: list[Resident] = []
    for number, locale in enumerate(locales, start=1):
        place = rng.choice(at_home if locale == "zh" else abroad)
        family = rng.choice(list(_of(names, locale, part="family")))
        given = rng.choice(list(_of(names, locale, part="given")))
        latin = (
            (family["latin"], given["latin"])
            if locale == "zh"
            else (given["latin"], family["latin"])
        )
        tier = rng.choices([name for name, _ in TIERS], [share for _, share in TIERS])[0]
        customer = Customer(
            id=f"C{number:06d}",
            name=family["name"] + given["name"]
            if locale == "zh"
            else f"{given['name']} {family['name']}",
            locale=locale,
            email=f"{'.'.join(latin)}{number}@{rng.choice(MAIL_DOMAINS)}",
            phone=place.phone_prefix + "".join(rng.choices("0123456789", k=place.phone_digits)),
            tier=tier,
            points=rng.randint(0, 300) * (10 if tier == "gold" else 3 if tier == "silver" else 1),
        )
        street = rng.choice(list(_of(streets, locale)))["street"]
        people.append(
            Resident(customer, place, _address(place, street, rng.randint(1, 300), locale))
        )
    return people


def _of(rows: list[Row], language: str, **wanted: str) -> Iterator[Row]:
    for row in rows:
        if row["language"] == language and all(row[key] == value for key, value in wanted.items()):
            yield row


def _address(place: Place, street: str, house: int, language: str) -> str:
    # A municipality is its own region: 上海市, not 上海市上海.
    region = place.region.in_language(language)
    city = place.city.in_language(language)
    if language == "zh" and region.startswith(city):
        city = ""
    elif language == "zh":
        city += "市"
    text = wordings()["address"].fill(
        lambda _: {
            "region": region,
            "city": city,
            "street": street,
            "house": str(house),
            "postcode": place.postcode,
            "country": place.country,
        }
    )
    return text.in_language(language)
