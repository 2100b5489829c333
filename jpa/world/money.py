"""Money: accounts at banks, wallets, handles, payments."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from jpa.world.plan import Properties
from jpa.world.region import Page, Region

_BANKS: Final = {"XA": "Tenggara Savings", "XB": "Bank Utara", "XC": "Selat Bank", "XD": "Pulau People's Bank", "XE": "Timur Bank"}  # fmt: skip
_CURRENCIES: Final = {"XA": "IDR", "XB": "THB", "XC": "MYR", "XD": "IDR", "XE": "BDT"}
_SERVICES: Final = ("WhatsApp", "Telegram", "Facebook", "imo")


@dataclass(frozen=True, slots=True)
class Account:
    """A bank account."""

    number: str
    state: str

    @property
    def truth(self) -> str:
        """Its name in the truth file."""
        return f"account {self.number}"


def draw_account(region: Region, state: str) -> Account:
    """Draw an account that nobody else of the region has."""
    number = region.number("account")
    return Account(f"{100 + number % 900}-{1000 + number // 900}-{number * 7 % 100:02d}", state)


def put_account(page: Page, account: Account) -> str:
    """Write an account: the region has no IBAN, so bank and number together say which it is."""
    properties: Properties = {
        "accountNumber": (account.number,),
        "bankName": (_BANKS[account.state],),
        "country": (account.state,),
    }
    return page.put("BankAccount", account.truth, properties)


def put_wallet(page: Page, address: str) -> str:
    """Write a wallet."""
    return page.put("CryptoWallet", f"wallet {address}", {"cryptoAddress": (address,), "blockchain": ("Ethereum",)})


def draw_wallet(region: Region) -> str:
    """Draw an address of a wallet."""
    return "0x" + "".join(region.random.choice("0123456789abcdef") for _ in range(40))


def draw_handle(region: Region) -> tuple[str, str]:
    """Draw a service and a handle on it."""
    return region.random.choice(_SERVICES), f"{region.random.choice(('sea', 'uncle', 'boss', 'lucky', 'moon'))}_{region.number('handle') + 100}"  # fmt: skip


def put_handle(page: Page, handle: tuple[str, str]) -> str:
    """Write a handle on a service."""
    return page.put("UserAccount", f"handle {handle[1]}", {"service": (handle[0],), "username": (handle[1],)})


def payment(region: Region, state: str, first: date, last: date, count: int) -> Properties:
    """Draw what a tie of payments says: sum, currency, how many, from when to when."""
    return {
        "amount": (str(region.random.randint(8, 90) * 100 * count),),
        "currency": (_CURRENCIES[state],),
        "count": (str(count),),
        "startDate": (first.isoformat(),),
        "endDate": (last.isoformat(),),
    }
