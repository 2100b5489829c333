"""The case that the tutorial walks: one boat off Jetty 4, one prepaid number, one account, a second boat, a verdict."""

from typing import Final

from jpa.world.justice import COURTS
from jpa.world.law import charged_with
from jpa.world.plan import Outcome, Planted, Properties, WorldLink, WorldRecord, WorldReport

MERGED: Final = ("rahim", "yusof", "hla")
"""Whom the team of the lead case has merged already; Min Ko is left to the one who walks the case."""
LEAD: Final = Planted("lead network", "compact", ("rahim", "hla", "yusof", "minko", "dewi"))


def lead_reports() -> list[WorldReport]:
    """Write the reports of the lead case, in three agencies' cases."""
    return [*_first_days(), *_money_and_second_boat(), *_aftermath()]


def lead_outcomes() -> list[Outcome]:
    """List what came of it, person by person and charge by charge."""
    steps = (
        ("rahim", "arrested", "2024-04-02", ""),
        ("minko", "arrested", "2024-04-02", ""),
        ("yusof", "arrested", "2024-05-21", ""),
        ("rahim", "charged", "2024-08-30", "bringing migrants across the border for gain"),
        ("rahim", "charged", "2024-08-30", "conduct endangering lives"),
        ("minko", "charged", "2024-08-30", "bringing migrants across the border for gain"),
        ("yusof", "charged", "2024-08-30", "money laundering"),
        ("rahim", "convicted", "2026-03-17", "bringing migrants across the border for gain"),
        ("rahim", "acquitted", "2026-03-17", "conduct endangering lives"),
        ("minko", "acquitted", "2026-03-17", "bringing migrants across the border for gain"),
        ("yusof", "convicted", "2026-03-17", "money laundering"),
        ("yusof", "appeal decided", "2026-09-15", "money laundering"),
    )
    return [_outcome(*step) for step in steps]


def _outcome(person: str, stage: str, day: str, charge: str) -> Outcome:
    said: Properties = {"state": ("XA",), "sex": ("male",)}
    if charge != "":
        said |= {**charged_with("XA", charge), "court": (COURTS["XA"],)}
    if stage == "appeal decided":
        said["result"] = ("overturned",)
    return Outcome(person, stage, day, charge, 3, "T-2024-0117", said=said)


def _thing(ref: str, type_name: str, truth: str, **properties: str) -> WorldRecord:
    return WorldRecord(ref, type_name, {k: (v,) for k, v in properties.items()}, "", truth)


def _person(ref: str, role: str, truth: str, *names: str, **more: str) -> WorldRecord:
    properties: Properties = {"name": names, **{k: (v,) for k, v in more.items()}}
    return WorldRecord(ref, "Person", properties, role, truth)


def _tie(type_name: str, source: str, target: str, **properties: str) -> WorldLink:
    return WorldLink(type_name, source, target, {k: (v,) for k, v in properties.items()})


_BOAT: Final = _thing("b", "Vessel", "bahari", name="KM Bahari Jaya", hullMaterial="wood", hullColour="blue", length="14 m", engineSerial="YM-4471")  # fmt: skip
_PHONE: Final = _thing("t", "Phone", "phone1", number="+62 812 3456 7890", kind="prepaid")
_ACCOUNT: Final = _thing("a", "BankAccount", "acct1", accountNumber="4471-220-9", bankName="Selat Bank", country="XC")
_HOUSE: Final = _thing("h", "Address", "lead house", full="7 Canal Row, Kampung Lama", city="Kampung Lama", country="XA", remarks="safe house")  # fmt: skip


def _first_days() -> list[WorldReport]:
    return [
        WorldReport(
            "T-2024-0117", "Boarding report", "CG-118/24", "2024-03-12", "B2",
            "Stopped 4 nm south of Jetty 4 at 03:20. Two crew, 31 passengers without life jackets. Helmsman gave his name as Rahim "
            "Uddin, about 36. Phone found in the wheelhouse. The second man, Hla Myint, said he was paid to cook. One passenger, "
            "Nadia Rahmatoon, said she had been kept in a house at Kampung Lama for five weeks.",
            (_person("1", "suspect", "rahim", "RAHIM UDDIN", birthDate="about 36"), _person("2", "associate", "hla", "Hla Myint", birthDate="1991"),
             _BOAT, _thing("t", "Phone", "phone1", number="0812 3456 7890", kind="prepaid"),
             _thing("e", "Event", "lead boarding", name="Boarding off Jetty 4", kind="boarding", date="2024-03-12", aboard="31"),
             _thing("j", "Place", "jetty4", name="Jetty 4", kind="jetty", country="XA", latitude="6.4521", longitude="99.7012"),
             _thing("v", "Trip", "lead voyage", name="Timur ghat to Jetty 4", departure="Timur ghat", arrival="Jetty 4", startDate="2024-03-09", aboard="31", fee="4,200 MYR"),
             _person("m", "smuggled migrant", "samira", "Samira Khatun", "সামিরা খাতুন", birthDate="1998", gender="female")),
            (_tie("CREW_OF", "1", "b", role="helmsman", startDate="2024-03-09", endDate="2024-03-12"),
             _tie("CREW_OF", "2", "b", role="cook", startDate="2024-03-09"), _tie("USES", "1", "t"), _tie("TOOK_PART_IN", "1", "e"),
             _tie("TOOK_PART_IN", "2", "e"), _tie("USED_IN", "b", "e"), _tie("USED_IN", "b", "v"), _tie("SEEN_AT", "1", "j"), _tie("PASSENGER_ON", "m", "v")),
            (("Nadia Rahmatoon", "18\u201320", "ForcedLabour"),),
        ),
        WorldReport(
            "T-2024-0117", "Interview", "TIP-INT-31", "2024-03-13", "B3",
            "Hla Myint: the boat was Yusof's. \"He steered at night\", meaning Rahim. Before sailing Rahim called Min Ko every evening. "
            "The fares went to an account at Selat Bank. The people slept in a house on Canal Row.",
            (_person("1", "witness", "hla", "Hla Myint", "လှမြင့်", birthDate="1991"), _person("2", "suspect", "rahim", "Rahim Uddin", "রহিম উদ্দিন", birthDate="1987"),
             _person("3", "suspect", "yusof", "Yusof Abdullah", birthDate="1975"), _person("4", "suspect", "minko", "Min Ko", birthDate="1983"), _BOAT, _ACCOUNT, _HOUSE),
            (_tie("OWNS", "3", "b"), _tie("ASSOCIATE_OF", "2", "4", count="9"), _tie("HOLDS", "3", "a"), _tie("ASSOCIATE_OF", "2", "3"), _tie("SEEN_AT", "1", "h")),
        ),
        WorldReport(
            "T-2024-0117", "Call records", "TEL-0092", "2024-03-20", "A1",
            "Prepaid number from the wheelhouse, 1 February to 11 March: 38 calls to +62 813 5550 0199, nine of them in the night of 11 March.",
            (_PHONE, _thing("u", "Phone", "phone2", number="+62 813 5550 0199"), _person("4", "suspect", "minko", "Min Ko", birthDate="1983-02")),
            (_tie("CALLED", "t", "u", count="38", startDate="2024-02-01", endDate="2024-03-11"), _tie("USES", "4", "u")),
        ),
        WorldReport(
            "T-2024-0117", "Surveillance log", "TIP-OBS-7", "2024-03-26", "B2",
            "Canal Row 7: a white pick-up brought water and rice at 19:40 and left empty. A woman locked the gate from outside at 22:15.",
            (_HOUSE, _thing("c", "Vehicle", "lead car", registrationNumber="XA 4417", model="Toyota Hilux", colour="white"),
             _person("1", "facilitator", "dewi", "Dewi Santoso", gender="female"), _thing("g", "UserAccount", "lead handle", service="WhatsApp", username="uncle_selat")),
            (_tie("SEEN_AT", "c", "h", date="2024-03-26"), _tie("SEEN_AT", "1", "h", date="2024-03-26"), _tie("USES", "1", "c"), _tie("USES", "1", "g")),
        ),
    ]  # fmt: skip


def _money_and_second_boat() -> list[WorldReport]:
    return [
        WorldReport(
            "S-2024-0202", "Suspicious-transaction report", "STR-2024-311", "2024-03-18", "A1",
            "Eighteen equal deposits of 4,200 in five branches within nine days, withdrawn in cash two days after a landing off Tenggara.",
            (_ACCOUNT, _person("1", "suspect", "yusof", "Yusuf Abdulloh", birthDate="1975-06-02"), _person("2", "facilitator", "dewi", "Dewi Santosa", birthDate="1990"),
             _thing("c", "BankAccount", "acct2", accountNumber="118-400-22", bankName="Remitex", country="XC"),
             _thing("w", "CryptoWallet", "lead wallet", cryptoAddress="0x4b1d0c35a2e94f7788a1c0de6f3312ab90e45c77", blockchain="Ethereum"),
             _thing("d", "IdentityDocument", "lead passport", number="A4471220", country="XC", type="Passport", surname="Abdulloh", givenName="Yusuf", birthDate="1975-06-02")),
            (_tie("HOLDS", "1", "a"), _tie("HOLDS", "2", "c"), _tie("HAS_DOCUMENT", "1", "d"),
             _tie("TRANSFERRED", "a", "c", amount="75600", currency="MYR", count="6", startDate="2024-02-28", endDate="2024-03-14"),
             _tie("TRANSFERRED", "c", "w", amount="31000", currency="MYR", count="2", startDate="2024-03-14", endDate="2024-03-15")),
        ),
        WorldReport(
            "U-2024-0201", "Boarding report", "UCG-77", "2024-04-02", "B2",
            "Second boat, same paint and same engine mount as the boat stopped off Jetty 4. The man at the tiller had the number of the first boat's phone in his own.",
            (_person("1", "suspect", "rahim", "Rohim Uddin", birthDate="1988"), _person("2", "suspect", "minko", "Minn Koe", birthDate="1983"), _PHONE,
             _thing("b", "Vessel", "boat2", name="no name", hullMaterial="wood", hullColour="blue", length="46 ft", flag="XB")),
            (_tie("USES", "1", "t"), _tie("CREW_OF", "1", "b", role="tiller"), _tie("CREW_OF", "2", "b"), _tie("ASSOCIATE_OF", "1", "2")),
        ),
        WorldReport(
            "U-2024-0201", "Interview", "UCG-INT-12", "2024-04-04", "C3",
            "Karim Uddin, brother of the man at the tiller, came to ask for him. He sells fish, has never been to sea and does not know Min Ko.",
            (_person("1", "witness", "karim", "Karim Uddin", "করিম উদ্দিন", birthDate="1989"), _person("2", "suspect", "rahim", "Rahim Udin", birthDate="1988")),
            (_tie("FAMILY_OF", "1", "2", relationship="brother"),),
        ),
    ]  # fmt: skip


def _aftermath() -> list[WorldReport]:
    return [
        WorldReport(
            "T-2024-0117", "Arrest record", "TIP-ARR-9", "2024-05-21", "A1",
            "Yusof Abdullah arrested at the branch in Selat with officers of Selatan present. Rahim Uddin and Min Ko are in custody in Utara since 2 April.",
            (_person("1", "suspect", "yusof", "Yusof Abdullah", birthDate="1975-06-02"), _person("2", "suspect", "rahim", "Rahim Uddin", birthDate="1987"), _person("3", "suspect", "minko", "Min Ko", birthDate="1983"),
             _thing("e", "Event", "lead arrest", name="Arrest at Selat Bank", kind="arrest", date="2024-05-21")),
            (_tie("TOOK_PART_IN", "1", "e", role="arrested"), _tie("MENTIONED_IN", "2", "e"), _tie("MENTIONED_IN", "3", "e")),
        ),
        WorldReport(
            "T-2024-0117", "Charge sheet", "TIP-CHG-4", "2024-08-30", "A1",
            "Three persons, four counts. Rahim Uddin two counts, Min Ko one, Yusof Abdullah one. Hla Myint is a witness and is not charged.",
            (_person("1", "suspect", "rahim", "Rahim Uddin", birthDate="1987"), _person("2", "suspect", "minko", "Min Ko", birthDate="1983"), _person("3", "suspect", "yusof", "Yusof Abdullah", birthDate="1975-06-02"),
             _thing("e", "Event", "lead charge 1", name="Charge: bringing migrants across the border for gain", kind="charge", date="2024-08-30"),
             _thing("f", "Event", "lead charge 2", name="Charge: conduct endangering lives", kind="charge", date="2024-08-30"),
             _thing("g", "Event", "lead charge 3", name="Charge: money laundering", kind="charge", date="2024-08-30")),
            (_tie("TOOK_PART_IN", "1", "e", role="defendant"), _tie("TOOK_PART_IN", "1", "f", role="defendant"), _tie("TOOK_PART_IN", "2", "e", role="defendant"), _tie("TOOK_PART_IN", "3", "g", role="defendant")),
        ),
        WorldReport(
            "T-2024-0117", "Court judgment", "HC-2026-118", "2026-03-17", "A1",
            "Rahim Uddin guilty of bringing migrants, not guilty of endangering lives. Yusof Abdullah guilty of money laundering. Min Ko acquitted. "
            "Twenty months after the joint period ended; the appeal period runs.",
            (_person("1", "suspect", "rahim", "Rahim Uddin", birthDate="1987"), _person("2", "suspect", "minko", "Min Ko", birthDate="1983"), _person("3", "suspect", "yusof", "Yusof Abdullah", birthDate="1975-06-02"),
             _thing("e", "Event", "lead verdict", name="Verdict of 17 March 2026", kind="verdict", date="2026-03-17")),
            (_tie("TOOK_PART_IN", "1", "e", role="convicted"), _tie("TOOK_PART_IN", "2", "e", role="acquitted"), _tie("TOOK_PART_IN", "3", "e", role="convicted")),
        ),
    ]  # fmt: skip
