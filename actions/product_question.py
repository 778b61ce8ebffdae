"""Questions about one product: what its record says, its price and stock; never more than that."""

from collections.abc import Sequence
from itertools import takewhile

from rasa_sdk.events import SlotSet

from actions import words
from actions.base import Journey
from actions.cards import Card, product_card
from actions.topics import Topic, named, topic_of
from actions.turn import Choice, Event, Turn, payload
from actions.words import Language
from integrations.helpdesk.models import Reason
from integrations.shop.errors import NotInShop
from integrations.shop.models import LocalizedText, Product

CHOICES_SHOWN = 4
LEAST_SHARED = 0.6
"""Of the shorter name: `Cloud Headphones, Black` and `Cloud Headphones, White` are one model."""
FEW_LEFT = 5
"""From so few on, the number is told."""
PRICE_AND_STOCK = ("price", "stock", "offers")


class ProductQuestion(Journey):
    """Answers `ask_product` and `ask_price_or_stock` from the product's record.

    What the record does not say is said to be unknown, and a person is offered.
    """

    action_name = "action_product_question"

    async def answer(self, turn: Turn) -> list[Event]:
        """Answer about the product named, or the one talked about; else ask which."""
        return self._answered(turn, await _candidates(turn), _topic(turn))

    async def answer_about(self, turn: Turn, sku: str, topic: str | None) -> list[Event]:
        """Answer about a product that was picked, on the topic asked before, if any."""
        return self._answered(turn, await _records(turn, [sku]), named(topic))

    def _answered(
        self, turn: Turn, candidates: Sequence[Product], topic: Topic | None
    ) -> list[Event]:
        if len(candidates) == 1:
            _tell(turn, candidates[0], topic)
            return [SlotSet("product", candidates[0].sku)]
        if _are_variants(candidates) and topic and topic.attributes:
            told = {topic.told(product) for product in candidates}
            if len(told) == 1:
                # Colours and sizes of one model, alike in what was asked.
                _tell_attribute(turn, told.pop(), _shared_name(candidates, turn.language))
                return [SlotSet("product", candidates[0].sku)]
        if candidates:
            turn.say("utter_which_product", choices=_choices(turn, candidates, topic))
            return []
        turn.say("utter_product_not_found" if turn.entities("product") else "utter_ask_product")
        return []


def _topic(turn: Turn) -> Topic | None:
    topic = named(turn.entity("topic")) or topic_of(turn.text)
    if topic is None and turn.intent == "ask_price_or_stock":
        return named("stock")
    return topic


async def _candidates(turn: Turn) -> list[Product]:
    shop = turn.ports.shop
    mentioned = turn.entities("product")
    if mentioned:
        return await _records(turn, mentioned[:CHOICES_SHOWN])
    alike = await shop.find_products(turn.text, limit=CHOICES_SHOWN) if turn.text else []
    if alike:
        return alike
    talked_about = turn.slot("product")
    return await _records(turn, [talked_about]) if talked_about else []


async def _records(turn: Turn, skus: Sequence[str]) -> list[Product]:
    """Return the products there are; one sold off since the assistant learned it is left out."""
    found = []
    for sku in skus:
        try:
            found.append(await turn.ports.shop.product(sku))
        except NotInShop:
            continue
    return found


def _shared_name(products: Sequence[Product], language: Language) -> str:
    """Return the words the names begin with alike, without the mark before the variant."""
    names = [one.name.in_language(language).split() for one in products]
    alike = takewhile(lambda column: len(set(column)) == 1, zip(*names, strict=False))
    return " ".join(column[0] for column in alike).rstrip(",，-·")


def _are_variants(products: Sequence[Product]) -> bool:
    """Tell whether several products are colours or sizes of one model, by their names."""
    if len(products) < 2:
        return False
    shortest = min(len(one.name.en) for one in products)
    return len(_shared_name(products, "en")) >= LEAST_SHARED * shortest


def _choices(turn: Turn, products: Sequence[Product], topic: Topic | None) -> tuple[Choice, ...]:
    asked = {"topic": topic.name} if topic else {}
    return tuple(
        Choice(
            title=product.name.in_language(turn.language),
            payload=payload("ask_product", product=product.sku, **asked),
        )
        for product in products
    )


def _tell(turn: Turn, product: Product, topic: Topic | None) -> None:
    name = product.name.in_language(turn.language)
    card = product_card(product, turn.language)
    if topic is None:
        turn.say(
            "utter_product_overview",
            {"name": name, "price": turn.formats.money(product.price)},
            card=card,
        )
    elif topic.name in PRICE_AND_STOCK:
        _tell_stock(turn, product, name)
        if topic.name == "offers":
            turn.say("utter_product_offers_unknown")
            turn.offered = Reason.BEYOND_ASSISTANT
    elif topic.name == "warranty" and product.warranty_months:
        turn.say(
            "utter_product_warranty", {"name": name, "months": product.warranty_months}, card=card
        )
    else:
        _tell_attribute(turn, topic.told(product), name, card)


def _tell_attribute(
    turn: Turn, told: tuple[str, LocalizedText] | None, name: str, card: Card | None = None
) -> None:
    if told is None:
        turn.say("utter_product_silent", {"name": name}, card=card)
        turn.offered = Reason.BEYOND_ASSISTANT
        return
    code, value = told
    turn.say(
        "utter_product_attribute",
        {
            "name": name,
            "attribute": words.attribute(code, turn.language),
            "value": value.in_language(turn.language).rstrip("。."),
        },
        card=card,
    )


def _tell_stock(turn: Turn, product: Product, name: str) -> None:
    values: dict[str, object] = {
        "name": name,
        "price": turn.formats.money(product.price),
        "stock": product.stock,
    }
    if product.stock > FEW_LEFT:
        response = "utter_product_in_stock"
    elif product.stock > 0:
        response = "utter_product_few_left"
    elif product.restock_on and product.restock_on >= turn.formats.today:
        response = "utter_product_restock"
        values["date"] = turn.formats.day(product.restock_on)
    else:
        response = "utter_product_sold_out"
    turn.say(response, values, card=product_card(product, turn.language))
