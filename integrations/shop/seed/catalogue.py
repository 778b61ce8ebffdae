"""The demo shop's products: every model of the sheet in each of its variants."""

from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from integrations.shop.models import LocalizedText, Money, Product
from integrations.shop.seed.sheets import Row, read, wordings

CURRENCY = "CNY"
OWN_ATTRIBUTES = ("material", "features", "in_the_box")
"""Attributes a model has of its own; the others are its category's."""

SOLD_OUT = 0.08
"""Share of products without stock; half of them know when they are back."""


def products(rng: Random, today: date) -> list[Product]:
    """Return the catalogue, in the sheet's order."""
    variants = _grouped("variants", "set")
    attributes = _grouped("attributes", "applies_to")
    categories = {row["category"]: row for row in read("categories")}
    return [
        _product(model, variant, categories[model["category"]], attributes, rng, today)
        for model in read("products")
        for variant in variants[model["variants"]]
    ]


def _product(
    model: Row,
    variant: Row,
    category: Row,
    attributes: dict[str, list[Row]],
    rng: Random,
    today: date,
) -> Product:
    texts = {
        code: LocalizedText(model[f"{code}_zh"], model[f"{code}_en"]) for code in OWN_ATTRIBUTES
    }
    for row in attributes[category["category"]]:
        texts[row["code"]] = LocalizedText(row["zh"], row["en"])
    price = Decimal(model["price"]) * Decimal(variant["price_factor"])
    sold_out = rng.random() < SOLD_OUT
    back = today + timedelta(days=rng.randint(3, 30)) if sold_out and rng.random() < 0.5 else None
    return Product(
        sku=f"{category['stem']}{model['model']}-{variant['code']}",
        name=wordings()["variant"].fill(
            lambda language: {"name": model[language], "variant": variant[language]}
        ),
        category=category["category"],
        price=Money(price.quantize(Decimal("0.01")), CURRENCY),
        stock=0 if sold_out else rng.randint(2, 400),
        restock_on=back,
        attributes=texts,
        warranty_months=int(category["warranty_months"]) if category["warranty_months"] else None,
    )


def _grouped(sheet: str, column: str) -> dict[str, list[Row]]:
    groups: defaultdict[str, list[Row]] = defaultdict(list)
    for row in read(sheet):
        groups[row[column]].append(row)
    return groups
