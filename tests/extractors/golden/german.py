"""German, Austrian and Swiss invoices."""

from tests.extractors.printed import Golden

CASES = (
    Golden(
        "letter after DIN 5008 with a footer in columns",
        "de",
        """
# Tischlerei Kröger GmbH



Tischlerei Kröger GmbH · Hafenstraße 7 · 24103 Kiel
Nordlicht Verlag AG                                     Kunden-Nr.:        20115
Frau Petersen                                           Rechnungs-Nr.:     RE-26-0388
Möwenweg 14                                             Datum:             19.02.2026
23552 Lübeck                                            Leistungszeitraum: Januar 2026



Rechnung

Sehr geehrte Frau Petersen,
für unsere Arbeiten erlauben wir uns zu berechnen:

Pos.   Bezeichnung                               Menge     Einzelpreis       Gesamtpreis
1      Einbauregal Eiche                         2 Stk        1.190,00 €       2.380,00 €
2      Montage                                  8,5 Std          62,00 €         527,00 €

                                                 Zwischensumme netto           2.907,00 €
                                                 zzgl. 19 % MwSt.                552,33 €
                                                 Gesamtbetrag                  3.459,33 €

Zahlbar innerhalb von 14 Tagen ohne Abzug.



Tischlerei Kröger GmbH        Förde Sparkasse                      Amtsgericht Kiel HRB 12345
Hafenstraße 7                 IBAN: DE02 1203 0000 0000 2020 51    USt-IdNr.: DE136695976
24103 Kiel                    BIC: BYLADEM1001                     Geschäftsführer: Jan Kröger
""",
        {
            "supplier_name": "Tischlerei Kröger GmbH",
            "invoice_number": "RE-26-0388",
            "invoice_date": "2026-02-19",
            "total": "3459.33",
            "net_total": "2907.00",
            "vat_total": "552.33",
            "iban": "DE02120300000000202051",
            "bic": "BYLADEM1001",
            "vat_number": "DE136695976",
            "currency": "EUR",
            "payment_term": "14 days",
        },
        ("due_date",),
    ),
    Golden(
        "discount for paying early, then the last day",
        "de",
        """
Baustoffe Hinterberger KG
Industriestrasse 4, 4600 Wels
UID: ATU12345675     FN 123456a

An
Malerbetrieb Huber e.U.
Dorfplatz 2
4910 Ried

Rechnung Nr. 260512 vom 12. März 2026

Artikel             Menge     Preis      Betrag
Kalkputz 30 kg         40      9,80      392,00
Armierungsgewebe        5     41,00      205,00

Nettobetrag                              597,00
20% USt                                  119,40
Rechnungsbetrag EUR                      716,40

Zahlbar bis 22.03.2026 mit 3% Skonto (694,91 EUR)
oder bis zum 11.04.2026 netto.

Bankverbindung: Raiffeisenbank Wels, IBAN AT61 1904 3002 3457 3201, BIC BKAUATWWXXX
""",
        {
            "supplier_name": "Baustoffe Hinterberger KG",
            "invoice_number": "260512",
            "invoice_date": "2026-03-12",
            "due_date": "2026-04-11",
            "total": "716.40",
            "net_total": "597.00",
            "vat_total": "119.40",
            "iban": "AT611904300234573201",
            "vat_number": "ATU12345675",
            "currency": "EUR",
        },
    ),
    Golden(
        "Swiss francs with apostrophes",
        "de",
        """
Seilbahn Technik AG
Bergstrasse 99
6370 Stans
CHE-116.281.710 MWST

                                              Hotel Alpenblick
                                              Dorfstrasse 1
                                              6390 Engelberg

Rechnung 2026/1042                            Stans, 4. Februar 2026

Bezeichnung                        Anzahl      Preis CHF        Total CHF
Jahresrevision Sessellift               1      12'450.00        12'450.00
Ersatzteile                             1       1'349.50         1'349.50

Zwischentotal                                                   13'799.50
MWST 8.1%                                                        1'117.75
Total CHF                                                       14'917.25

Zahlbar innert 30 Tagen. IBAN CH93 0076 2011 6238 5295 7
""",
        {
            "supplier_name": "Seilbahn Technik AG",
            "invoice_number": "2026/1042",
            "invoice_date": "2026-02-04",
            "total": "14917.25",
            "vat_total": "1117.75",
            "iban": "CH9300762011623852957",
            "currency": "CHF",
            "vat_number": "CHE116281710",
            "payment_term": "30 days",
        },
    ),
    Golden(
        "amounts in columns under one head, order and delivery dates around",
        "de",
        """
ELEKTROGROSSHANDEL WEBER GMBH & CO. KG                                     RECHNUNG
Siemensstr. 22 - 70469 Stuttgart

Kunde                              Belegnummer     Belegdatum     Seite
Stadtwerke Musterstadt             90871234        05.01.2026     1
Am Markt 1                         Auftragsdatum   Lieferdatum    Kundennr.
99999 Musterstadt                  28.12.2025      02.01.2026     77001

Pos  Artikel-Nr   Bezeichnung              Menge   E-Preis    Betrag
10   A-100        Kabel NYM-J 3x1,5          500      0,72    360,00
20   B-220        Leitungsschutzschalter      12      4,85     58,20

Warenwert     Versand      Nettobetrag    MwSt %    MwSt-Betrag    Endbetrag
418,20          12,00           430,20        19          81,74       511,94

Fällig am 04.02.2026
Volksbank Stuttgart IBAN DE34 5019 0000 0012 3456 78 BIC FFVBDEFF  USt-ID DE123456788
""",
        {
            "supplier_name": "ELEKTROGROSSHANDEL WEBER GMBH & CO. KG",
            "invoice_number": "90871234",
            "invoice_date": "2026-01-05",
            "due_date": "2026-02-04",
            "total": "511.94",
            "net_total": "430.20",
            "vat_total": "81.74",
            "iban": "DE34501900000012345678",
            "bic": "FFVBDEFF",
        },
    ),
    Golden(
        "Gutschrift refers to an invoice",
        "de",
        """
Papierhaus Lenz OHG
Ringstraße 10
50667 Köln
Tel.: 0221/5550101

Firma
Agentur Blau GmbH
Domplatz 3
50667 Köln

Gutschrift

Gutschrift-Nr.   GS-2026-021
Datum            23.02.2026
Zu Rechnung      RE-2026-0311

Rückgabe Kopierpapier       10 Pack       4,50      45,00 €
Summe netto                                         45,00 €
MwSt. 19%                                            8,55 €
Gutschriftsbetrag                                   53,55 €

Steuernummer 215/5555/1234    USt-IdNr. DE136695976
""",
        {
            "supplier_name": "Papierhaus Lenz OHG",
            "invoice_number": "GS-2026-021",
            "invoice_date": "2026-02-23",
            "total": "53.55",
            "net_total": "45.00",
            "vat_total": "8.55",
            "is_credit_note": "true",
            "vat_number": "DE136695976",
        },
        ("iban", "due_date"),
    ),
)
