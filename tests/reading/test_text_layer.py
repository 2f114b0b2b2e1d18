"""Words and boxes of born-digital pages are where they were drawn, in the order they are read, without OCR."""

from __future__ import annotations

import io

import pytest
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfgen.canvas import Canvas

from scanstraat.model.page import PageSource
from scanstraat.reading.reader import Reader
from tests.reading.paper import A4, INVOICE, LINES, Text, changed, drawn, lines, misfits, picture, without_mapping


@pytest.mark.rule("B3")
def test_words_stand_in_reading_order_with_their_boxes(reader: Reader) -> None:
    pdf = drawn(INVOICE)
    (page,) = reader.read(pdf)
    assert (page.number, page.width, page.height, page.source) == (1, *A4, PageSource.TEXT_LAYER)
    assert lines(page) == LINES
    assert {word.confidence for word in page.words} == {1.0}
    assert misfits(pdf, page) == []


def test_a_box_is_where_the_font_says(reader: Reader) -> None:
    (page,) = reader.read(drawn(INVOICE))
    for text in INVOICE[1:8]:
        word = text.words.split()[0]
        (box,) = [w.box for w in page.words if w.text == word]
        width = pdfmetrics.stringWidth(word, "Sans", text.size)
        assert box.x0 == pytest.approx(text.x, abs=1.5)
        assert box.x1 == pytest.approx(text.x + width, abs=1.5)
        assert A4[1] - text.y - text.size < box.y0 < box.y1 < A4[1] - text.y + 0.3 * text.size


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_boxes_follow_the_rotation_a_page_is_displayed_with(reader: Reader, turn: int) -> None:
    pdf = changed(drawn(INVOICE), Rotate=turn)
    (page,) = reader.read(pdf)
    assert (page.width, page.height) == (A4 if turn == 180 else A4[::-1])
    assert lines(page) == LINES
    assert misfits(pdf, page) == []


@pytest.mark.parametrize("turn", [0, 90, 270])
def test_boxes_count_from_the_corner_of_the_crop_box(reader: Reader, turn: int) -> None:
    pdf = changed(drawn(INVOICE), MediaBox=[-20, -30, 595, 842], CropBox=[40, 100, 580, 800], Rotate=turn)
    (page,) = reader.read(pdf)
    assert sorted((page.width, page.height)) == [540, 700]
    assert lines(page) == LINES
    assert misfits(pdf, page) == []


def test_what_lies_outside_the_crop_box_is_not_read(reader: Reader) -> None:
    (page,) = reader.read(changed(drawn(INVOICE), CropBox=[0, 500, 595, 842]))
    assert lines(page) == LINES[:-1]


def test_a_page_turned_by_its_matrix_reads_the_same(reader: Reader) -> None:
    content = io.BytesIO()
    canvas = Canvas(content, pagesize=A4[::-1])
    canvas.translate(0, 595)
    canvas.rotate(-90)
    for text in INVOICE:
        canvas.setFont("Sans", text.size)
        canvas.drawString(text.x, text.y, text.words)
    canvas.save()
    (page,) = reader.read(changed(content.getvalue(), Rotate=90))
    assert sorted(lines(page)) == sorted(LINES)


def test_text_along_the_margin_has_lines_of_its_own(reader: Reader) -> None:
    content = io.BytesIO()
    canvas = Canvas(content, pagesize=A4)
    for text in INVOICE:
        canvas.setFont("Sans", text.size)
        canvas.drawString(text.x, text.y, text.words)
    canvas.translate(30, 300)
    canvas.rotate(90)
    canvas.setFont("Sans", 8)
    canvas.drawString(0, 0, "KvK 12345678 te Utrecht")
    canvas.save()
    (page,) = reader.read(content.getvalue())
    assert lines(page) == [*LINES, "KvK 12345678 te Utrecht"]
    assert misfits(content.getvalue(), page) == []


def test_far_columns_on_one_baseline_share_a_line_and_near_lines_do_not(reader: Reader) -> None:
    texts = (Text(60, 700, "links", 10), Text(500, 700.6, "rechts", 8), Text(60, 688, "onder", 10), Text(300, 694, "tussen", 10))
    (page,) = reader.read(drawn(texts))
    assert lines(page) == ["links rechts", "tussen", "onder"]


def test_odd_letters_become_plain_ones(reader: Reader) -> None:
    texts = (Text(60, 700, "eﬃcient 5\u00a0000,00 −12,50 m² ½ naïve"), Text(60, 650, "Zahlungs\u00adziel"))
    (page,) = reader.read(drawn(texts))
    assert [word.text for word in page.words if word.line == 0] == ["efficient", "5", "000,00", "-12,50", "m²", "½", "naïve"]


def test_a_word_hyphenated_over_two_lines_is_two_words(reader: Reader) -> None:
    pdf = drawn((Text(60, 700, "Bitte beachten Sie unser Zahlungs-"), Text(60, 686, "ziel von dreissig Tagen netto.")))
    (page,) = reader.read(pdf)
    assert lines(page) == ["Bitte beachten Sie unser Zahlungs-", "ziel von dreissig Tagen netto."]
    assert misfits(pdf, page) == []


def test_a_filled_in_form_is_read_with_its_values(reader: Reader) -> None:
    content = io.BytesIO()
    canvas = Canvas(content, pagesize=A4)
    canvas.setFont("Sans", 11)
    canvas.drawString(60, 700, "Factuurnummer van de leverancier")
    canvas.acroForm.textfield(name="number", value="2026-00417", x=300, y=692, width=150, height=20, forceBorder=True)
    canvas.save()
    (page,) = reader.read(content.getvalue())
    assert lines(page) == ["Factuurnummer van de leverancier 2026-00417"]


@pytest.mark.parametrize("says", ["", "<0000> <00ff> <0000>", "<0000> <00ff> <e000>", "<0000> <00ff> <fffd>"])
def test_a_layer_that_does_not_know_its_letters_is_not_believed(reader: Reader, says: str) -> None:
    pdf = without_mapping(INVOICE, says)
    (page,) = reader.read(pdf)
    assert page.source is PageSource.OCR
    assert lines(page) == LINES
    assert misfits(pdf, page, slack=2.5) == []


def test_a_layer_that_knows_its_letters_is_believed_whatever_its_font(reader: Reader) -> None:
    (page,) = reader.read(without_mapping(INVOICE, "<0003> <005f> <0020>"))
    assert page.source is PageSource.TEXT_LAYER
    assert [line for line in lines(page) if "€" not in line and "," not in line][:2] == [LINES[0], LINES[2]]


def test_a_sound_layer_behind_a_scan_is_believed_and_marked(reader: Reader) -> None:
    scan = picture(drawn(INVOICE))
    (page,) = reader.read(drawn(INVOICE, hidden=True, under=scan))
    assert page.source is PageSource.TEXT_LAYER
    assert lines(page) == LINES
    assert {word.confidence for word in page.words} == {0.9}


def test_a_stamp_put_on_a_scan_does_not_pass_for_its_text(reader: Reader) -> None:
    scan = picture(drawn(INVOICE))
    (page,) = reader.read(drawn((Text(60, 20, "Gescand met de scanner van de zaak op 31-03-2026"),), under=scan))
    assert page.source is PageSource.OCR
    assert set(LINES) <= set(lines(page))
    assert "Gescand met de scanner van de zaak op 31-03-2026" in lines(page)


def test_text_inside_groups_is_read(reader: Reader) -> None:
    content = io.BytesIO()
    canvas = Canvas(content, pagesize=A4)
    canvas.beginForm("group")
    for text in INVOICE:
        canvas.setFont("Sans", text.size)
        canvas.drawString(text.x, text.y, text.words)
    canvas.endForm()
    canvas.doForm("group")
    canvas.save()
    (page,) = reader.read(content.getvalue())
    assert lines(page) == LINES


def test_all_pages_of_a_file_come_in_order(reader: Reader) -> None:
    pages = reader.read(drawn(*((Text(60, 700, f"pagina {n} van twintig"),) for n in range(1, 21))))
    assert [page.number for page in pages] == list(range(1, 21))
    assert [lines(page) for page in pages] == [[f"pagina {n} van twintig"] for n in range(1, 21)]
