"""What our letters say: in six languages the same, of foreign words next to nothing, and never a field or a link too many."""

from __future__ import annotations

import email
import email.policy
import re
import string
from dataclasses import replace
from datetime import UTC, date, datetime
from email.header import decode_header, make_header
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from scanstraat.delivery.letters import archived, file_quoted, quoted, rejected, too_large
from scanstraat.delivery.posting import flowed, mail_of
from scanstraat.delivery.receipts import family, receipt, receipt_of_parked
from scanstraat.delivery.wording import WORDINGS, language_told, wording
from scanstraat.errors import Refused
from scanstraat.mailbox.unpacking import unpack
from scanstraat.model.administration import Administration, OwnIdentity
from scanstraat.model.document import Document, Kind
from scanstraat.model.letter import LetterText, Purpose, StoredLetter
from scanstraat.model.mail import Envelope, MailHeader, PartRole, Problem, StoredMail, StoredPart
from scanstraat.model.state import MailState

ROOT = Path(__file__).parent.parent.parent
NOW = datetime(2026, 3, 31, 12, tzinfo=UTC)
BAKKER = Administration(1, "Bakker BV", OwnIdentity(), "bakker", country="NL")
LANGUAGES = ("de", "en", "fi", "fr", "nl", "sv")
SAMPLES = {
    "nl": "Geachte heer, hierbij ontvangt u de factuur van maart. Met vriendelijke groet",
    "en": "Dear Sir, please find attached our invoice for March. Kind regards",
    "de": "Sehr geehrte Damen und Herren, anbei erhalten Sie die Rechnung für März. Mit freundlichen Grüßen",
    "fr": "Bonjour, veuillez trouver ci-joint la facture du mois de mars. Cordialement",
    "fi": "Hei, ohessa maaliskuun lasku. Ystävällisin terveisin",
    "sv": "Hej, här bifogas fakturan för mars. Med vänliga hälsningar",
}


def _mail(text: str = "", subject: str = "") -> StoredMail:
    envelope = Envelope("piet@jansen.example", "Facturen@Bakker.example", NOW)
    header = MailHeader("<1@jansen.example>", "piet@jansen.example", "", subject)
    return StoredMail(UUID(int=1), 1, "00", 100, envelope, MailState.SORTED, header, text)


def _part(name: str, role: PartRole = PartRole.DOCUMENT, problem: str = "", media_type: str = "application/pdf") -> StoredPart:
    return StoredPart(0, name, media_type, role, "00", problem=Problem(problem, "why") if problem else None)


def _document(kind: Kind = Kind.INVOICE) -> Document:
    return Document(0, kind, 0.9, ())


def test_every_language_says_the_same_with_the_same_values() -> None:
    assert sorted(WORDINGS) == list(LANGUAGES)
    english = WORDINGS["en"]
    for words in WORDINGS.values():
        assert set(words.sentences) == set(english.sentences)
        assert (set(words.reasons), set(words.kinds)) == (set(english.reasons), set(english.kinds))
        for name, text in words.sentences.items():
            assert _fields(text) == _fields(english.sentences[name]), (words.language, name)
            assert "http" not in text


def _fields(text: str) -> set[str | None]:
    return {field for _, field, _, _ in string.Formatter().parse(text) if field}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_mail_is_answered_in_its_own_language(language: str) -> None:
    assert language_told(SAMPLES[language], "xx") == language
    found = receipt(_mail(SAMPLES[language]), (_part("a.pdf"),), (_document(),), BAKKER)
    assert found is not None
    assert found.language == language
    assert found.text.startswith(wording(language).sentences["greeting"])


def test_no_mail_of_the_fixtures_is_taken_for_another_language() -> None:
    """Their names end in the language of the supplier; some say too little to tell."""
    told = {}
    for path in sorted((ROOT / "fixtures/mails").glob("*.eml")):
        language = path.stem.rpartition("-")[2]
        if language in LANGUAGES:
            opened = unpack(path.read_bytes())
            told[path.stem] = language_told(f"{opened.header.subject}\n{opened.text}", ""), language
    assert {name: found for name, found in told.items() if found[0] not in ("", found[1])} == {}
    assert sum(found == language for found, language in told.values()) > 0.9 * len(told) > 45


def test_a_mail_that_does_not_tell_is_answered_in_the_language_of_the_country() -> None:
    for country, language in (("FI", "fi"), ("SE", "sv"), ("ES", "en")):
        there = Administration(1, "X", OwnIdentity(), "x", country=country)
        found = receipt(_mail("INV 2026-17"), (), (), there)
        assert found is not None
        assert found.language == language


@pytest.mark.rule("B9")
def test_a_receipt_tells_what_arrived_and_what_could_not_be_read_and_why() -> None:
    parts = (
        _part("Factuur 1.pdf"),
        _part("cijfers.xlsx", PartRole.ANNEX),
        _part("logo.png", PartRole.DECORATION),
        _part("", PartRole.BODY, media_type="text/plain"),
        _part("bundel.zip", PartRole.CONTAINER),
        _part("geheim.pdf", PartRole.UNREADABLE, "pdf-encrypted"),
        _part("tekening.dwg", PartRole.UNREADABLE, "unsupported-type"),
        _part("groot.tif", PartRole.UNREADABLE, "parser-memory"),
        _part("", PartRole.UNREADABLE, "pdf-broken"),
    )
    found = receipt(_mail(SAMPLES["nl"]), parts, (_document(), _document(), _document(Kind.UNREADABLE)), BAKKER)
    assert found is not None
    assert found.subject == "Uw e-mail aan facturen@bakker.example is aangekomen, maar niet alles kon worden gelezen"
    assert found.text.split("\n\n")[1:-1] == [
        "Uw e-mail van 2026-03-31 aan facturen@bakker.example (Bakker BV) is aangekomen.",
        "Aangekomen bestanden:\n- Factuur 1.pdf\n- cijfers.xlsx",
        "Daarin gevonden documenten: 2.",
        "Dit kon niet worden gelezen:\n"
        "- geheim.pdf: het is beveiligd met een wachtwoord. Stuur het zonder wachtwoord.\n"
        "- tekening_dwg: bestanden van deze soort kunnen niet worden verwerkt. Stuur een PDF.\n"
        "- groot.tif: het is te groot of bevat te veel. Stuur de facturen in meer, kleinere bestanden.\n"
        "- een bestand zonder naam: het is beschadigd of kan niet worden geopend. Stuur het opnieuw, als PDF.",
    ]
    assert "Het zegt niets over goedkeuring of betaling." in found.text


def test_a_mail_without_a_file_is_told_so_and_one_that_is_text_is_not() -> None:
    bare = receipt(_mail(SAMPLES["nl"]), (_part("", PartRole.BODY, media_type="text/plain"),), (), BAKKER)
    as_text = receipt(_mail(SAMPLES["nl"]), (_part("", media_type="text/plain"),), (_document(),), BAKKER)
    assert bare is not None
    assert as_text is not None
    assert "Er is geen bestand in gevonden" in bare.text
    assert "- de tekst van de e-mail" in as_text.text


@pytest.mark.rule("B8")
def test_advertising_alone_gets_no_answer() -> None:
    parts = (_part("a.pdf"),)
    assert receipt(_mail(), parts, (_document(Kind.ADVERTISING),) * 2, BAKKER) is None
    assert receipt(_mail(), parts, (_document(Kind.ADVERTISING), _document()), BAKKER) is not None


def test_a_long_list_is_cut_and_says_so() -> None:
    found = receipt(_mail(SAMPLES["en"]), (_part("a.pdf"),) * 500, (), BAKKER)
    assert found is not None
    assert found.text.count("- a.pdf") == 20
    assert "- and more: 480" in found.text


def test_a_parked_mail_is_said_to_wait_for_a_person() -> None:
    assert "Iemand gaat ernaar kijken" in receipt_of_parked(_mail(SAMPLES["nl"]), BAKKER).text


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("pdf-encrypted", "locked"),
        ("office-encrypted", "locked"),
        ("zip-password", "locked"),
        ("smime-encrypted", "sealed"),
        ("pgp-encrypted", "sealed"),
        ("infected", "infected"),
        ("parser-memory", "too_much"),
        ("too-many-parts", "too_much"),
        ("nested-too-deep", "too_much"),
        ("empty-file", "empty"),
        ("unknown-type", "unknown"),
        ("container-unsupported", "unknown"),
        ("broken-multipart", "broken"),
        ("", "broken"),
    ],
)
def test_every_problem_is_of_a_family(code: str, expected: str) -> None:
    assert family(code) == expected


@pytest.mark.rule("A3")
def test_the_administration_hears_of_a_mail_that_is_too_large() -> None:
    found = too_large(
        BAKKER, "kantoor", "Piet <piet@jansen.example>", "Kijk op http://evil.example\r\nBcc: x", 30_000_001, 30_000_000
    )
    assert found.subject == "Een e-mail in de postbus kantoor is te groot om te verwerken"
    assert "een e-mail van 30,1 MB. Er wordt ten hoogste 30,0 MB verwerkt." in found.text
    assert "Onderwerp: Kijk op evil[.]example Bcc: x\n" in found.text


@pytest.mark.rule("G1")
def test_the_administration_hears_what_was_archived() -> None:
    papers = ((Kind.REMINDER, "Jansen BV, 17"), (Kind.QUOTE, ""), (Kind.OTHER, "x"))
    found = archived(BAKKER, "f@bakker.example", "piet@jansen.example", "Herinnering", date(2026, 3, 31), papers)
    assert "- Aanmaning: Jansen BV, 17\n- Offerte\n- Overig: x\n" in found.text


@pytest.mark.parametrize("country", ["NL", "DE", "FR", "FI", "SE", "GB"])
def test_the_administration_hears_in_its_language_why_a_paper_was_rejected(country: str) -> None:
    owner = replace(BAKKER, country=country)
    paper, why = (Kind.INVOICE, "Jansen BV, 17"), "Niet van ons: zie https://evil.example/x\r\nBcc: x"
    found = rejected(owner, "f@bakker.example", "piet@jansen.example", "Factuur", date(2026, 3, 31), paper, why)
    assert "Niet van ons: zie evil[.]example/x Bcc: x" in found.text
    assert f"{WORDINGS[found.language].kinds['invoice']}: Jansen BV, 17" in found.text
    assert "2026-03-31" in found.text
    assert "f@bakker.example" in found.text
    assert owner.name in found.subject


@given(st.text(max_size=300))
def test_no_text_makes_the_teller_fail(text: str) -> None:
    assert language_told(text, "en") in LANGUAGES


_LINKED = re.compile(r"(?:https?://|www\.|[\w-]+\.(?:com|net|zip|example|nl)\b)", re.VERBOSE | re.IGNORECASE)


@given(st.text(max_size=200) | st.from_regex(r"(https?://)?www\.evil\.(com|nl|zip)/\w*(\.pdf)?\r?\n?Bcc: x", fullmatch=True))
def test_no_name_and_no_subject_brings_a_line_or_a_link_into_a_letter(foreign: str) -> None:
    for shown in (file_quoted(foreign, "x"), quoted(foreign)):
        assert len(shown) <= 400
        assert all(letter.isprintable() for letter in shown)
        assert not _LINKED.search(shown)


@given(st.text(max_size=150), st.text(max_size=60), st.text(max_size=60))
@example("\r\n.\r\nMAIL FROM:<x>", "a\r\nBcc: eve@evil.example", 'x" <eve@evil.example>, "\nBcc: y')
def test_a_letter_has_the_fields_it_should_and_no_others_whatever_is_in_it(text: str, subject: str, name: str) -> None:
    letter = StoredLetter(
        UUID(int=7), 1, Purpose.RECEIPT, "piet@jansen.example", LetterText(subject, text, "nl"), NOW, 1, None, subject
    )
    content = mail_of(letter, "facturen@bakker.example", name)
    header, _, body = content.partition(b"\r\n\r\n")
    parsed = email.message_from_bytes(content, policy=email.policy.default)
    assert set(parsed.keys()) - {"In-Reply-To", "References"} == {
        "From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "X-Auto-Response-Suppress", "X-Scanstraat-Letter",
        "Content-Language", "MIME-Version", "Content-Type", "Content-Transfer-Encoding",
    }  # fmt: skip
    assert len(parsed.keys()) == len(set(parsed.keys()))
    shown = str(make_header(decode_header(email.message_from_bytes(content)["Subject"])))
    assert not re.search(r"[\r\n\x00-\x08]", shown)
    assert parsed["To"].addresses[0].addr_spec == "piet@jansen.example"
    assert parsed["From"].addresses[0].addr_spec == "facturen@bakker.example"
    assert content.replace(b"\r\n", b"").count(b"\n") == 0
    assert max(map(len, content.split(b"\r\n"))) <= 998
    assert header.isascii()
    assert body.isascii()


@given(st.text(max_size=320))
def test_no_odd_address_becomes_a_recipient(address: str) -> None:
    letter = StoredLetter(UUID(int=7), 1, Purpose.RECEIPT, address, LetterText("s", "t", "nl"), NOW, 1)
    try:
        content = mail_of(letter, "facturen@bakker.example", "x")
    except Refused:
        return
    assert f"\r\nTo: {address}\r\n".encode() in content


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_categories=("C", "Z")), max_size=200).map(lambda t: f"From {t} > x"))
def test_flowed_text_comes_back_as_it_was(text: str) -> None:
    lines = [line.removeprefix(" ") for line in flowed(text).splitlines()]
    assert "".join(lines) == text
