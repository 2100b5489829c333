"""Accounts: at banks, on blockchains, online."""

from typing import Final

from jpa.model.catalogue.shared import ALIAS, NAME_OF, THING
from jpa.model.schema import EntityType, Property, Shape
from jpa.model.value_types import (
    ACCOUNT,
    AMOUNT,
    BIC,
    CRYPTO_ADDRESS,
    CURRENCY,
    DATE,
    EMAIL,
    HANDLE,
    IBAN,
    IDENTIFIER,
    TEXT,
)

_MONEY: Final = (
    Property("balance", "Balance", AMOUNT),
    Property("balanceDate", "Balance on", DATE),
    Property("amount", "Amount", AMOUNT),
    Property("currency", "Currency", CURRENCY),
)

BANK_ACCOUNT: Final = EntityType(
    name="BankAccount",
    label="Bank account",
    plural="Bank accounts",
    ftm_schema="BankAccount",
    shape=Shape.DIAMOND,
    colour="account",
    letter="a",
    keys=(("iban",), ("bic", "accountNumber"), ("country", "bankName", "accountNumber")),
    description="Most of the region has no IBAN: the key is then the bank and the national number.",
    caption=("accountNumber", "iban", "name"),
    properties=(
        Property("accountNumber", "Account number", ACCOUNT, featured=True, search=True),
        Property("bankName", "Bank", TEXT, featured=True),
        Property("iban", "IBAN", IBAN, search=True),
        Property("bic", "BIC", BIC),
        NAME_OF,
        ALIAS,
        Property("accountType", "Kind", TEXT),
        Property("bankAddress", "Branch", TEXT),
        Property("openingDate", "Opened", DATE),
        Property("closingDate", "Closed", DATE),
        Property("maxBalance", "Highest balance", AMOUNT),
        Property("maxBalanceDate", "Highest balance on", DATE),
        *_MONEY,
        *THING,
    ),
)

CRYPTO_WALLET: Final = EntityType(
    name="CryptoWallet",
    label="Crypto wallet",
    plural="Crypto wallets",
    ftm_schema="CryptoWallet",
    shape=Shape.DIAMOND,
    colour="account",
    letter="w",
    keys=(("cryptoAddress",), ("publicKey",)),
    description="A wallet or address on a blockchain.",
    caption=("cryptoAddress", "publicKey", "name"),
    properties=(
        Property("cryptoAddress", "Address", CRYPTO_ADDRESS, featured=True, search=True),
        Property("publicKey", "Public key", CRYPTO_ADDRESS, search=True),
        Property("blockchain", "Blockchain", TEXT, featured=True),
        Property("currencySymbol", "Currency symbol", TEXT),
        Property("managingExchange", "Exchange", TEXT),
        Property("accountId", "Account at the exchange", IDENTIFIER, pivot=True),
        Property("custodyType", "Custody", TEXT),
        Property("creationDate", "Opened", DATE),
        NAME_OF,
        ALIAS,
        *_MONEY,
        *THING,
    ),
)

USER_ACCOUNT: Final = EntityType(
    name="UserAccount",
    label="Online account",
    plural="Online accounts",
    ftm_schema="UserAccount",
    shape=Shape.ROUNDED_SQUARE,
    colour="phone",
    letter="h",
    keys=(("service", "username"),),
    description="A handle on a service: messenger, social network, market place.",
    caption=("username", "email", "name"),
    properties=(
        Property("service", "Service", TEXT, featured=True),
        Property("username", "Handle", HANDLE, featured=True, search=True),
        Property("email", "E-mail", EMAIL, search=True),
        Property("phone", "Phone as text", TEXT),
        Property("ipAddress", "IP address", IDENTIFIER, pivot=True),
        NAME_OF,
        ALIAS,
        *THING,
    ),
)
