"""The ways in which labels and values stand to one another, whatever the language."""

from tests.extractors.printed import Golden

CASES = (
    Golden(
        "labels in two languages, heads of two rows, a title printed wide",
        "de",
        """
Brunnenbau Ahlers GmbH
Uferstraße 2, 26122 Oldenburg

R  E  C  H  N  U  N  G  /  I  N  V  O  I  C  E

Rechnungs-          Rechnungs-        Kunden-        Fällig am /
nummer              datum             nummer         Due date
BA-88120            03.05.2026        40071          17.05.2026

Bezeichnung / Description          Menge / Qty     Einzelpreis / Unit price     Betrag / Amount
Bohrung                                     12                        95,00            1.140,00

Nettobetrag / Net amount                                                               1.140,00
19 % MwSt. / VAT                                                                         216,60
Gesamtbetrag / Total amount                                                      1.356,60 EUR

IBAN DE02 1203 0000 0000 2020 51    USt-IdNr. / VAT ID: DE136695976
""",
        {
            "supplier_name": "Brunnenbau Ahlers GmbH",
            "invoice_number": "BA-88120",
            "invoice_date": "2026-05-03",
            "due_date": "2026-05-17",
            "total": "1356.60",
            "net_total": "1140.00",
            "vat_total": "216.60",
            "vat_number": "DE136695976",
            "iban": "DE02120300000000202051",
            "currency": "EUR",
        },
    ),
    Golden(
        "paying told in a sentence, dotted lines to the values",
        "nl",
        """
Rietdekkersbedrijf Elzinga B.V.
Dorpsstraat 9
8406 AA Tijnje

FACTUUR

Factuurnr. ............... 26-0417
Factuurdat. .............. 03-05-2026
Besteldatum .............. 11-04-2026

Rieten dak herstellen                                  2.450,00

Subtotaal excl. btw ..............................  €  2.450,00
Btw 21% ..........................................  €    514,50
Totaal incl. btw .................................  €  2.964,50

Te betalen voor 2 juni 2026 op NL20 INGB 0001 2345 67 onder vermelding van 26-0417.
""",
        {
            "supplier_name": "Rietdekkersbedrijf Elzinga B.V.",
            "invoice_number": "26-0417",
            "invoice_date": "2026-05-03",
            "due_date": "2026-06-02",
            "total": "2964.50",
            "net_total": "2450.00",
            "vat_total": "514.50",
            "iban": "NL20INGB0001234567",
            "currency": "EUR",
        },
    ),
    Golden(
        "the month leads, eight digits that are no day, a discount in brackets",
        "en",
        """
Prairie Seed Supply LLC
410 Grain Rd
Omaha, NE 68102

INVOICE
Invoice #        20260503
Invoice Date     05/18/2026
Due Date         06/17/2026

Description                    Qty      Unit Price       Amount
Seed wheat                       40         $27.50    $1,100.00

Subtotal                                              $1,100.00
Discount                                                ($50.00)
Sales Tax                                                $57.75
Total                                                 $1,107.75
""",
        {
            "supplier_name": "Prairie Seed Supply LLC",
            "invoice_number": "20260503",
            "invoice_date": "2026-05-18",
            "due_date": "2026-06-17",
            "total": "1107.75",
            "currency": "USD",
        },
    ),
    Golden(
        "crowns, a reference for paying, the rest to the right",
        "no",
        """
Fjellheim Snekkeri AS
Storgata 4
2615 Lillehammer
Org.nr: NO 984 661 185 MVA

                                                  FAKTURA
Skogen Hotell AS                                  Fakturanr.                10077
Bakken 2                                          Fakturadato          03.05.2026
2619 Lillehammer                                  Forfallsdato         17.05.2026
                                                  Leveringsdato        28.04.2026

Beskrivelse                     Antall        Pris          Beløp
Kjøkkeninnredning                    1   48 000,00      48 000,00

Netto                                                   48 000,00
MVA 25 %                                                12 000,00
Å betale                                           kr 60 000,00

Kontonr. 8601 11 17947
""",
        {
            "supplier_name": "Fjellheim Snekkeri AS",
            "invoice_number": "10077",
            "invoice_date": "2026-05-03",
            "due_date": "2026-05-17",
            "total": "60000.00",
            "net_total": "48000.00",
            "vat_total": "12000.00",
            "currency": "NOK",
        },
    ),
    Golden(
        "the bill of a public service",
        "pt",
        """
Águas do Vale, S.A.
Rua das Fontes 12
4000-210 Porto
NIF: PT501442600

Fatura n.º FT 2026/4471
Data de emissão: 3 de maio de 2026
Data limite de pagamento: 23 de maio de 2026
Período de faturação: 01/04/2026 a 30/04/2026

Cliente: Padaria Central, Lda
NIF do cliente: PT503504564

Descrição                  Quantidade      Preço unitário      Valor
Consumo de água                    48              1,2500      60,00

Total sem IVA                                                  60,00
IVA 6%                                                          3,60
Total a pagar                                                63,60 €

IBAN: PT50 0002 0123 1234 5678 9015 4
""",
        {
            "supplier_name": "Águas do Vale, S.A.",
            "invoice_date": "2026-05-03",
            "due_date": "2026-05-23",
            "total": "63.60",
            "net_total": "60.00",
            "vat_total": "3.60",
            "vat_number": "PT501442600",
            "iban": "PT50000201231234567890154",
            "currency": "EUR",
        },
    ),
    Golden(
        "captions below the values, the sum before its name",
        "en",
        """
Larkfield Joinery Ltd
9 Mill Road, Leeds LS1 4AB

INVOICE LJ-4402

14 May 2026          11 June 2026
Invoice date         Payment due date


Oak shelves                                  2      120.00      240.00

                                                    £240.00 Subtotal
                                                     £48.00 VAT 20%
                                                    £288.00 PLEASE PAY THIS AMOUNT

VAT Reg No GB 980 7806 84
""",
        {
            "supplier_name": "Larkfield Joinery Ltd",
            "invoice_date": "2026-05-14",
            "due_date": "2026-06-11",
            "total": "288.00",
            "currency": "GBP",
        },
    ),
)
