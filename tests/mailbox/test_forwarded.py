"""What was forwarded, told from how mail programs print it (A5): the date of the original serves D2, the rest is shown (F2)."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanstraat.mailbox.bodytext import html_text
from scanstraat.mailbox.forwarded import with_origins
from scanstraat.mailbox.forwardtext import forwarded, without_answered
from scanstraat.mailbox.forwardwords import LANGUAGES, Label, plain, words
from scanstraat.mailbox.senttime import sent_text
from scanstraat.model.mail import MailHeader, Origin, Part, PartRole

SUMMER = timezone(timedelta(hours=2))
HEADER = MailHeader("<1@x>", "Piet <piet@klant.example>", "", "FW: Factuur 5", datetime(2026, 4, 2, 9, 0, tzinfo=SUMMER))

OUTLOOK = {
    "nl": "Van: {0}\nVerzonden: dinsdag 31 maart 2026 23:30\nAan: Piet; Klaas\nOnderwerp: Factuur 5",
    "en": "From: {0}\nSent: Tuesday, March 31, 2026 11:30 PM\nTo: Piet\nCc: Jan\nSubject: Factuur 5",
    "de": "Von: {0}\nGesendet: Dienstag, 31. März 2026 23:30\nAn: Piet\nBetreff: Factuur 5",
    "fr": "De : {0}\nEnvoyé : mardi 31 mars 2026 23:30\nÀ : Piet\nObjet : Factuur 5",
    "es": "De: {0}\nEnviado el: martes, 31 de marzo de 2026 23:30\nPara: Piet\nAsunto: Factuur 5",
    "it": "Da: {0}\nInviato: martedì 31 marzo 2026 23:30\nA: Piet\nOggetto: Factuur 5",
    "pt": "De: {0}\nEnviado: 31 de março de 2026 23:30\nPara: Piet\nAssunto: Factuur 5",
    "da": "Fra: {0}\nSendt: 31. marts 2026 23:30\nTil: Piet\nEmne: Factuur 5",
    "no": "Fra: {0}\nSendt: tirsdag 31. mars 2026 23:30\nTil: Piet\nEmne: Factuur 5",
    "sv": "Från: {0}\nSkickat: den 31 mars 2026 23:30\nTill: Piet\nÄmne: Factuur 5",
    "fi": "Lähettäjä: {0}\nLähetetty: tiistai 31. maaliskuuta 2026 23.30\nVastaanottaja: Piet\nAihe: Factuur 5",
    "pl": "Od: {0}\nWysłano: wtorek, 31 marca 2026 23:30\nDo: Piet\nTemat: Factuur 5",
    "cs": "Od: {0}\nOdesláno: úterý 31. března 2026 23:30\nKomu: Piet\nPředmět: Factuur 5",
    "hu": "Feladó: {0}\nElküldve: 2026. március 31., kedd 23:30\nCímzett: Piet\nTárgy: Factuur 5",
    "ro": "De la: {0}\nTrimis: marți, 31 martie 2026 23:30\nCătre: Piet\nSubiect: Factuur 5",
}
SENDER = "Bakker <factuur@bakker.example>"
ORIGIN = Origin(SENDER, "Factuur 5", "2026-03-31T23:30:00+02:00")


def _body(index: int = 0, container: int | None = None) -> Part:
    return Part(index, "", "text/plain", "text/plain", PartRole.BODY, b"", container=container)


def _pdf(index: int, container: int | None = None) -> Part:
    return Part(index, f"{index}.pdf", "application/pdf", "application/pdf", PartRole.DOCUMENT, b"%PDF", container=container)


def _mail(index: int, header: str, container: int | None = None) -> Part:
    content = header.encode()
    return Part(index, "mail.eml", "message/rfc822", "message/rfc822", PartRole.CONTAINER, content, container=container)


def _origin(text: str, header: MailHeader = HEADER) -> Origin | None:
    _, file = with_origins(header, (_body(), _pdf(1)), lambda _: text)
    return file.origin


def _with_subject(subject: str) -> MailHeader:
    return MailHeader(HEADER.message_id, HEADER.sender, "", subject, HEADER.sent_at)


@pytest.mark.rule("A5")
@pytest.mark.parametrize("language", LANGUAGES)
def test_outlook_s_header_is_read_in_every_language(language: str) -> None:
    text = f"Zie onder.\n\nPiet\n\n{OUTLOOK[language].format(SENDER)}\n\nBeste klant, hierbij."
    assert _origin(text) == ORIGIN
    quoted = "\n".join(f"> > {line}" for line in text.splitlines())
    assert _origin(quoted) == ORIGIN
    bold = text.replace(": ", ":** ").replace("\n", "\n**")
    assert _origin(bold) == ORIGIN


@pytest.mark.rule("A5")
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_line_that_says_forwarded_is_enough_whatever_the_subject(language: str) -> None:
    header = _with_subject("Nog te boeken")
    block = OUTLOOK[language].format(SENDER)
    for marker in words().markers if language == "nl" else sorted(words().markers)[:3]:
        assert _origin(f"Hoi\n\n-------- {marker.title()} --------\n\n{block}\n\nx", header) == ORIGIN
    assert _origin(f"Hoi\n\n{block}", header) is None


GMAIL = (
    "---------- Forwarded message ---------\nVan: {0}\nDate: di 31 mrt 2026 om 23:30\n"
    "Subject: Factuur 5\nTo: <piet@klant.example>\n"
)
APPLE = (
    "Verstuurd vanaf mijn iPhone\n\nBegin doorgestuurd bericht:\n\n"
    "> Van: {0}\n> Onderwerp: Factuur 5\n> Datum: 31 maart 2026 om 23:30:00 CEST\n> Aan: piet@klant.example\n"
)
THUNDERBIRD = (
    "-------- Doorgestuurd bericht --------\nOnderwerp: \tFactuur 5\nDatum: \tTue, 31 Mar 2026 23:30:00 +0200\n"
    "Van: \t{0}\nAan: \tpiet@k.example"
)
LOTUS = (
    "----- Forwarded by Piet Timmer/Klant on 04/02/2026 08:55 AM -----\n\n"
    "From:   {0}\nTo:     piet@klant.example\nDate:   03/31/2026 11:30 PM\nSubject:        Factuur 5\n"
)
GMX = "Gesendet: Dienstag, 31. März 2026 um 23:30 Uhr\nVon: {0}\nAn: piet@klant.example\nBetreff: Factuur 5\n"
YAHOO = (
    "----- Forwarded Message -----\nFrom: {0}\nTo: piet\nSent: Tuesday, March 31, 2026 at 11:30:00 PM GMT+2\nSubject: Factuur 5"
)
SAMSUNG = (
    "-------- Oorspronkelijk bericht --------\nVan: {0}\nDatum: 31-03-2026 23:30 (GMT+01:00)\nAan: piet\nOnderwerp: Factuur 5"
)
WRAPPED = "Van: {0}\nVerzonden: dinsdag 31 maart 2026 23:30\nAan: a@b.nl; c@d.nl;\n e@f.nl; g@h.nl\n\nOnderwerp: Factuur 5\n"


@pytest.mark.rule("A5")
@pytest.mark.parametrize("text", [GMAIL, APPLE, THUNDERBIRD, LOTUS, GMX, YAHOO, WRAPPED])
def test_each_mail_program_s_form_is_read(text: str) -> None:
    assert _origin("Ter info\n\n" + text.format(SENDER)) == ORIGIN


@pytest.mark.rule("D2")
def test_a_printed_zone_counts() -> None:
    assert _origin(SAMSUNG.format(SENDER)) == Origin(SENDER, "Factuur 5", "2026-03-31T23:30:00+01:00")


INNER = "Von: {0}\nGesendet: 30.03.2026 09:12\nAn: Anna\nBetreff: Factuur 5"


@pytest.mark.rule("A5")
def test_of_forwards_within_forwards_the_original_counts() -> None:
    middle = "x\n\nVan: Anna <a@k.example>\nVerzonden: 1 april 2026 9:12\nAan: Piet\nOnderwerp: {0}: Factuur 5\n\nzie onder\n\n"
    original = Origin(SENDER, "Factuur 5", "2026-03-30T09:12:00+02:00")
    assert _origin(middle.format("FW") + INNER.format(SENDER)) == original
    marked = middle.format("Betaling") + "-------- Weitergeleitete Nachricht --------\n" + INNER.format(SENDER)
    assert _origin(marked) == original


@pytest.mark.rule("A5")
def test_what_the_original_answered_is_not_where_its_files_came_from() -> None:
    answer = "Van: {0}\nVerzonden: dinsdag 31 maart 2026 23:30\nAan: Piet\nOnderwerp: RE: Factuur 5\n\nBijgaand.\n\n"
    assert _origin(answer.format(SENDER) + INNER.format("Piet <piet@klant.example>")) == Origin(
        SENDER, "RE: Factuur 5", "2026-03-31T23:30:00+02:00"
    )
    wrote = (
        answer.format(SENDER) + "Op ma 30 mrt 2026 om 09:12 schreef Piet:\n> ---------- Forwarded message ---------\n> " + INNER
    )
    found = _origin(wrote)
    assert found is not None
    assert found.sender == SENDER


ANSWERS = (
    "Bijgaand.\n\nOp di 31 mrt 2026 om 09:12 schreef Piet <piet@klant.example>:\n> Graag de factuur",
    "Attached.\n\nOn Tue, Mar 31, 2026 at 9:12 AM Piet <p@k.example>\nwrote:\n\n> From: x@y\n> Sent: 1 May 2026\n> Subject: a",
    "x\n\nAm 31.03.2026 schrieb Piet:\n> ----- Weitergeleitete Nachricht -----\n> Von: a@b\n> Datum: 1.1.26\n> Betreff: c",
    "x\n\n" + OUTLOOK["nl"].format("Piet"),
    "x\n\n-----Oorspronkelijk bericht-----\n" + OUTLOOK["en"].format("Piet"),
    "Geachte heer,\n\nVan: de afdeling inkoop\nLet op: morgen gesloten",
    "Mail forwarded message to whom it concerns.",
    "",
)


@pytest.mark.rule("A5")
@pytest.mark.parametrize("text", ANSWERS)
def test_an_answer_is_no_forward(text: str) -> None:
    assert _origin(text, _with_subject("RE: FW: Factuur 5")) is None
    assert _origin(text, _with_subject("Factuur 5")) is None


@pytest.mark.rule("A5")
def test_what_finns_write_over_answers_and_danes_over_forwards_is_told_by_the_labels() -> None:
    header = _with_subject("VS: Factuur 5")
    assert _origin(OUTLOOK["da"].format(SENDER), header) == ORIGIN
    assert _origin(OUTLOOK["fi"].format(SENDER), header) is None


@pytest.mark.rule("A5")
def test_the_innermost_mail_that_a_part_came_in_counts() -> None:
    outer = _mail(1, "From: Anna <anna@klant.example>\nSubject: Fwd: Factuur\nDate: Wed, 1 Apr 2026 09:12:00 +0200\n\n")
    inner = _mail(3, "From: Bakker <f@b.example>\nSubject: Factuur\nDate: Tue, 31 Mar 2026 23:30:00 -0500\n\n", 1)
    archive = Part(5, "a.zip", "application/zip", "", PartRole.CONTAINER, b"PK\x03\x04From: a@b\n\n", container=3)
    parts = (_body(), outer, _pdf(2, 1), inner, _body(4, 3), archive, _pdf(6, 5), _pdf(7))
    placed = with_origins(HEADER, parts, lambda _: "")
    anna = Origin("Anna <anna@klant.example>", "Fwd: Factuur", "2026-04-01T09:12:00+02:00")
    baker = Origin("Bakker <f@b.example>", "Factuur", "2026-03-31T23:30:00-05:00")
    assert [part.origin for part in placed] == [None, None, anna, anna, baker, baker, baker, None]


@pytest.mark.rule("A5")
def test_a_mail_within_the_mail_may_forward_as_text_itself() -> None:
    outer = _mail(1, "From: Anna <anna@klant.example>\nSubject: Fwd: Factuur 5\nDate: Wed, 1 Apr 2026 09:12:00 +0300\n\n")
    parts = (_body(), outer, _body(2, 1), _pdf(3, 1))
    placed = with_origins(HEADER, parts, lambda at: INNER.format(SENDER) if at == 2 else "")
    assert placed[3].origin == Origin(SENDER, "Factuur 5", "2026-03-30T09:12:00+03:00")
    assert placed[0].origin is None


def test_html_is_read_only_where_no_plain_text_is_beside_it_and_few_bodies_of_very_many() -> None:
    rich = Part(1, "", "text/html", "text/html", PartRole.BODY, b"")
    asked: list[int] = []

    def text_of(at: int) -> str:
        asked.append(at)
        return ("", "x", "Zie bijlage")[at] if at < 3 else ""

    with_origins(HEADER, (_body(), rich, _body(2)), text_of)
    assert asked == [0, 2]
    with_origins(HEADER, (_body(), rich), text_of)
    assert asked == [0, 2, 0, 1]
    with_origins(HEADER, tuple(_body(index) for index in range(1_000)), text_of)
    assert len(asked) < 100


def test_containers_that_hold_each_other_end_nowhere() -> None:
    parts = (_mail(0, "From: a@b.example\n\n", 1), _mail(1, "", 0), _pdf(2, 1))
    assert with_origins(HEADER, parts, lambda _: "")[2].origin == Origin("a@b.example")


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("31-mrt-2026 9:05", "2026-03-31T09:05:00+02:00"),
        ("Di., 31. März 2026 um 09:12 Uhr", "2026-03-31T09:12:00+02:00"),
        ("mar. 31 mars 2026 à 09:12", "2026-03-31T09:12:00+02:00"),
        ("mar, 31 mar 2026 a las 9:12", "2026-03-31T09:12:00+02:00"),
        ("wt., 31 mar 2026 o 09:12", "2026-03-31T09:12:00+02:00"),
        ("2026-03-31 kl. 09:12", "2026-03-31T09:12:00+02:00"),
        ("2026. márc. 31., K, 9:12", "2026-03-31T09:12:00+02:00"),
        ("12:05 AM, March 31st, 2026", "2026-03-31T00:05:00+02:00"),
        ("Tue, 31 Mar 2026 09:12:00 GMT", "2026-03-31T09:12:00+00:00"),
        ("31 March 2026 9:12 BST", "2026-03-31T09:12:00+01:00"),
        ("2026-03-31T09:12:00Z", "2026-03-31T09:12:00+00:00"),
        ("03/31/2026 09:12", "2026-03-31T09:12:00+02:00"),
        ("01/04/2026 09:12", "2026-04-01T09:12:00+02:00"),
        ("04/01/2026 09:12", "2026-01-04T09:12:00+02:00"),
        ("04/05/2026 09:12 AM", ""),  # neither 4 May nor 5 April had come when it was forwarded
        ("01/02/2026 09:12 AM", ""),  # may be either
        ("31.03.26 09:12", "2026-03-31T09:12:00+02:00"),
        ("31 february 2026 09:12", ""),
        ("31 maart 1926 09:12", ""),
        ("1 mei 2026 09:12", ""),  # a month after it was forwarded
        ("31 maart 2026 25:99", "2026-03-31"),
        ("tel 010-1234567", ""),
    ],
)
def test_moments_are_read_in_many_forms_and_never_guessed(printed: str, expected: str) -> None:
    assert sent_text(printed, SUMMER, HEADER.sent_at) == expected


_FIRST, _LAST = datetime.fromisoformat("1990-01-01"), datetime.fromisoformat("2098-12-31")


@given(st.datetimes(_FIRST, _LAST))
def test_a_moment_with_a_month_s_name_is_read_back(at: datetime) -> None:
    names = [name for name, number in words().months.items() if number == at.month]
    for name in names:
        assert sent_text(f"{at.day}. {name} {at.year} {at:%H:%M}", UTC, None)[:16] == at.isoformat()[:16]


@given(st.text(max_size=300), st.text(max_size=40))
def test_any_text_is_looked_through(text: str, subject: str) -> None:
    forwarded(text, subject)
    sent_text(text, UTC, None)


_LINES = st.sampled_from(
    [
        "From: a@b",
        "Sent: 1 May 2026 10:00",
        "Subject: FW: x",
        "To: c",
        "",
        "> ",
        "Begin forwarded message:",
        "On 1 May A wrote:",
        "text",
    ]
)


@given(st.lists(_LINES, max_size=40))
def test_headers_in_any_order_end(lines: list[str]) -> None:
    found = forwarded("\n".join(lines), "FW: x")
    assert found is None or found.end <= len(lines)


def test_no_word_labels_two_things() -> None:
    told = {(word, label) for label in Label for language in LANGUAGES for word in _of(language, label)}
    assert len({word for word, _ in told}) == len(told)


def _of(language: str, label: Label) -> set[str]:
    return {word for word, (known, languages) in words().labels.items() if known is label and language in languages}


def test_tables_are_written_in_full_and_months_agree() -> None:
    assert plain("Z") == "z"
    assert set(words().months.values()) == set(range(1, 13))
    assert {language for _, languages in words().labels.values() for language in languages} == set(LANGUAGES)


ASKED = "Graag deze herinnering als factuur behandelen."


@pytest.mark.rule("G3")
@pytest.mark.parametrize(
    ("text", "subject", "kept"),
    [
        (ASKED, "Herinnering", True),
        (f"Zie onder.\n\n{OUTLOOK['nl'].format(SENDER)}\n\n{ASKED}", "FW: Herinnering", True),  # who forwards it means it
        (f"Zie onder.\n\n{OUTLOOK['nl'].format(SENDER)}\n\n{ASKED}", "RE: Herinnering", False),  # said of something else
        (f"Zie onder.\n\n{OUTLOOK['nl'].format(SENDER)}\n\n{ASKED}", "Herinnering", True),
        (f"Dank.\n\nOp 31 maart 2026 schreef Piet:\n> Hoi,\n> {ASKED}", "Re: Herinnering", False),
        (f"Op 31 maart 2026 schreef Piet:\n> Hoi\n\n{ASKED}", "Re: Herinnering", True),  # the answer stands below
        (f"x\n\n> {ASKED}", "Herinnering", True),
    ],
)
def test_what_an_answer_quotes_was_said_of_something_else(text: str, subject: str, kept: bool) -> None:
    assert (ASKED in without_answered(text, subject)) is kept


@given(st.text(max_size=300), st.text(max_size=40))
def test_of_any_text_no_word_is_added(text: str, subject: str) -> None:
    assert len(without_answered(text, subject)) <= len(text)


@pytest.mark.parametrize(
    "text",
    ["From: a\n" + "To: b\n" * 4_990, "From: x\n" * 5_000, "wrote " * 160 + "1:\n", "forwarded message\nFrom: a\n" * 2_500],
)
def test_texts_made_to_keep_us_busy_do_not(text: str) -> None:
    began = time.process_time()
    assert forwarded(text, "FW: x") is None
    without_answered(text, "RE: x")
    assert time.process_time() - began < 2


# The same as HTML, as each mail program builds it.
HTML = {
    "gmail": (
        '<div dir="ltr">Graag boeken<br><br><div class="gmail_quote gmail_quote_container"><div dir="ltr" cla'
        'ss="gmail_attr">---------- Forwarded message ---------<br>Van: <strong class="gmail_sendername" dir='
        '"auto">Bakker BV</strong> <span dir="auto">&lt;<a href="mailto:f@bakker.example">f@bakker.example</a'
        '>&gt;</span><br>Date: di 31 mrt 2026 om 09:12<br>Subject: Factuur 5<br>To: Piet &lt;<a href="mailto:'
        'p@k.example">p@k.example</a>&gt;<br></div><br><br>tekst</div></div>'
    ),
    "outlook": (
        '<div class=WordSection1><p class=MsoNormal>Hoi<o:p></o:p></p><div><div style="border:none;border-top'
        ':solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm"><p class=MsoNormal><b>Van:</b> Bakker &lt;f@bakker.e'
        "xample&gt; <br><b>Verzonden:</b> dinsdag 31 maart 2026 09:12<br><b>Aan:</b> Piet<br><b>CC:</b> a; b<"
        "br><b>Onderwerp:</b> Factuur 5<o:p></o:p></p></div></div>"
    ),
    "owa": (
        '<div id="appendonsend"></div><hr style="display:inline-block;width:98%"><div id="divRplyFwdMsg" dir='
        '"ltr"><font face="Calibri"><b>Von:</b> Bakker &lt;f@bakker.example&gt;<br><b>Gesendet:</b> Dienstag,'
        " 31. März 2026 09:12:33<br><b>An:</b> Piet<br><b>Betreff:</b> Rechnung</font><div>&nbsp;</div></div>"
    ),
    "apple": (
        '<html><body><div>zie</div><br><blockquote type="cite"><div>Begin forwarded message:</div><br><div st'
        'yle="margin-top: 0px;"><span style="font-family: -webkit-system-font"><b>From: </b></span><span>Bakk'
        'er &lt;<a href="mailto:f@b.example">f@b.example</a>&gt;<br></span></div><div><span><b>Subject: </b><'
        "/span><span><b>Invoice 5</b><br></span></div><div><span><b>Date: </b></span><span>31 March 2026 at 0"
        "9:12:10 CEST<br></span></div><div><span><b>To: </b></span><span>p@k.example<br></span></div></blockq"
        "uote>"
    ),
    "tb": (
        '<div class="moz-forward-container"><br>-------- Doorgestuurd bericht --------<table class="moz-email'
        '-headers-table"><tbody><tr><th align="RIGHT">Onderwerp: </th><td>Factuur 5</td></tr><tr><th>Datum: <'
        '/th><td>Tue, 31 Mar 2026 09:12:00 +0200</td></tr><tr><th>Van: </th><td>Bakker <a class="moz-txt-link'
        '-rfc2396E" href="mailto:f@b.example">&lt;f@b.example&gt;</a></td></tr><tr><th>Aan: </th><td>p@k</td>'
        "</tr></tbody></table>"
    ),
    "gmx": (
        '<div><div style="margin: 0"><div name="quote"><div style="margin: 0"><b>Gesendet:</b>&nbsp;Dienstag,'
        " 31. März 2026 um 09:12 Uhr<br/><b>Von:</b>&nbsp;Bakker &lt;f@b.example&gt;<br/><b>An:</b>&nbsp;p@k."
        "example<br/><b>Betreff:</b>&nbsp;Rechnung 5</div></div></div></div>"
    ),
    "yahoo": (
        "<div>----- Forwarded Message -----</div><div><b>From:</b> Bakker &lt;f@b.example&gt;</div><div><b>To"
        ':</b> "p" &lt;p@k&gt;</div><div><b>Sent:</b> Tuesday, March 31, 2026 at 09:12:00 AM GMT+2</div><div>'
        "<b>Subject:</b> Invoice</div>"
    ),
    "lotus": (
        "<font size=2>----- Weitergeleitet von Piet Timmer/Klant am 31.03.2026 10:00 -----<br></font><table><"
        "tr><td>Von:</td><td>Bakker &lt;f@b.example&gt;</td></tr><tr><td>An:</td><td>Piet</td></tr><tr><td>Da"
        "tum:</td><td>31.03.2026 09:12</td></tr><tr><td>Betreff:</td><td>Rechnung</td></tr></table>"
    ),
}


@pytest.mark.rule("A5")
@pytest.mark.parametrize("program", sorted(HTML))
def test_the_html_of_each_mail_program_is_read(program: str) -> None:
    found = forwarded(html_text(HTML[program]), "FW: x")
    assert found is not None
    assert found.sender.startswith("Bakker")
    assert found.sender.endswith(("<f@bakker.example>", "<f@b.example>"))
    assert found.subject.removesuffix(" 5") in {"Factuur", "Rechnung", "Invoice"}
    assert sent_text(found.sent, SUMMER, None)[:16] == "2026-03-31T09:12"
