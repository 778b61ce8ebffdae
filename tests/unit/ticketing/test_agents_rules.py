import pytest

from ticketing.agents.rules import is_email, normal_email, password_fault


@pytest.mark.parametrize(
    ("email", "fits"),
    [
        ("ada@shop.example", True),
        ("a+b@x.y.cn", True),
        ("ada", False),
        ("ada@shop", False),
        ("@shop.example", False),
        ("a b@shop.example", False),
        ("a@b@shop.example", False),
        ("x" * 250 + "@a.cn", False),
    ],
)
def test_an_address_has_a_name_and_a_host(email: str, fits: bool) -> None:
    assert fits == is_email(email)


def test_addresses_are_compared_without_case_and_edges() -> None:
    assert normal_email(" ADA@Shop.Example\n") == "ada@shop.example"


@pytest.mark.parametrize(
    ("password", "good"),
    [
        ("correct horse", True),
        ("短密码不行", False),
        ("123456789", False),
        ("x" * 201, False),
        ("administrator@x.cn", False),
        ("ADMINISTRATOR", False),
    ],
)
def test_a_password_is_long_enough_and_not_the_name(password: str, good: bool) -> None:
    assert good == (password_fault(password, "administrator@x.cn") is None)
