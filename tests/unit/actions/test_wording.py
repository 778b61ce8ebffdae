"""The wording: every response in both languages, alike in what it shows and offers."""

import re
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from actions import words
from actions.delivery_question import DeliveryQuestion
from actions.policy import load_policy
from actions.return_policy import ReturnPolicy
from integrations.settings import ROOT, SettingsError
from integrations.shop.models import OrderState, ShipmentState
from tests.unit.actions.asking import LANGUAGES, ask, responses, variation

PLACEHOLDER = re.compile(r"\{(\w+)\}")
UTTER = re.compile(r"(?:\"|action: )(utter_\w+)")
CHINESE = re.compile(r"[\u4e00-\u9fff]")


@pytest.mark.parametrize("response", sorted(responses()))
def test_both_languages_show_the_same_values_and_offer_the_same_choices(response):
    chinese, english = (variation(response, language) for language in LANGUAGES)
    assert set(PLACEHOLDER.findall(chinese["text"])) == set(PLACEHOLDER.findall(english["text"]))
    offered = [[one["payload"] for one in each.get("buttons", [])] for each in (chinese, english)]
    assert offered[0] == offered[1]
    assert CHINESE.search(chinese["text"])
    assert not CHINESE.search(english["text"])


@pytest.mark.parametrize("response", sorted(responses()))
def test_no_response_shouts_or_speaks_like_an_office(response):
    said = " ".join(variation(response, language)["text"] for language in LANGUAGES)
    for word in (
        "!",
        "！",
        "尊敬的",
        "敬请",
        "烦请",
        "kindly",
        "please be advised",
        "inconvenience",
    ):
        assert word not in said.lower()


def test_choices_name_intents_the_assistant_knows():
    domain = YAML(typ="safe").load(ROOT / "domain.yml")
    for response in responses():
        for language in LANGUAGES:
            for button in variation(response, language).get("buttons", []):
                intent = re.match(r"/(\w+)", button["payload"])
                assert intent
                assert intent[1] in domain["intents"]


def test_every_response_named_by_an_action_or_a_rule_is_worded_and_none_is_left_over():
    sources = [*Path("actions").glob("*.py"), *Path("data/rules").glob("*.yml")]
    text = "\n".join((ROOT / source).read_text() for source in sources)
    named = set(UTTER.findall(text))
    prefixes = {name for name in named if name not in responses()}
    for prefix in prefixes:
        assert any(response.startswith(prefix) for response in responses()), prefix
    left_over = {
        response
        for response in responses()
        if response not in named and not any(response.startswith(prefix) for prefix in prefixes)
    }
    assert {one for one in left_over if not one.endswith("_undated")} == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_state_has_a_name(language):
    for state in OrderState:
        assert words.order_state(state, language)
    for state in ShipmentState:
        assert words.shipment_state(state, language)


def test_a_carrier_we_do_not_know_is_told_by_its_code():
    assert words.carrier("xyz", "zh") == "XYZ"


def test_an_attribute_we_do_not_know_is_told_by_its_code():
    assert words.attribute("heel_height", "en") == "heel height"


@pytest.mark.parametrize("language", LANGUAGES)
async def test_policies_are_told_with_the_shops_own_figures(ports, language):
    delivery = await ask(DeliveryQuestion(lambda: ports), "ask_delivery", language=language)
    returns = await ask(ReturnPolicy(lambda: ports), "ask_return_policy", language=language)
    assert ports.policy.delivery.domestic.days in delivery.texts[0]
    assert str(ports.policy.returns.return_days) in returns.texts[0]


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (("return_days = 7", "return_days = -7"), "returns.return_days"),
        (("Asia/Shanghai", "Asia/Nowhere"), "timezone"),
        (("[returns]", "[retourns]"), "returns"),
        (("return_days = 7", "return_days = "), "policy.toml"),
    ],
)
def test_a_wrong_policy_file_is_one_line_that_names_the_value(tmp_path, change, named):
    path = tmp_path / "policy.toml"
    path.write_text((ROOT / "data" / "policy.toml").read_text().replace(*change))
    with pytest.raises(SettingsError, match=named) as error:
        load_policy(path)
    assert "\n" not in str(error.value)


def test_a_missing_policy_file_is_one_line(tmp_path):
    with pytest.raises(SettingsError, match="No such file"):
        load_policy(tmp_path / "policy.toml")
