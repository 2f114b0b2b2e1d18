"""Invoices of web services and shops, in the manner of their billing programs."""

from tests.extractors.printed import Golden

CASES = (
    Golden(
        "cloud provider: amount due on a day, account number of the customer",
        "en",
        """
Skyforge Web Services Invoice
Email or talk to us about your account or bill, visit skyforge.example/contact

Account number:                                    Invoice Summary
4452 1881 9023                                     Invoice Number:               42183017
                                                   Invoice Date:                 July 3 , 2026
Bill to Address:                                   TOTAL AMOUNT DUE ON July 3 , 2026      $4.11
ATTN: Accounts
Jansen Trading
Keizersgracht 1
Amsterdam, 1015 CC, NL

This invoice is for the billing period June 1 - June 30 , 2026

Greetings from Skyforge Web Services, we're writing to provide you with an electronic invoice.

Summary
Charges                                                                           $4.11
Credits                                                                           $0.00
Tax                                                                               $0.00
Total for this invoice                                                            $4.11

Skyforge Web Services, Inc. is a subsidiary of Skyforge Holdings
""",
        {
            "supplier_name": "Skyforge Web Services",
            "invoice_number": "42183017",
            "invoice_date": "2026-07-03",
            "total": "4.11",
            "currency": "USD",
        },
        ("iban",),
    ),
    Golden(
        "hosting company: from and for, details in two columns",
        "en",
        """
                                                              Final invoice for the January 2026
                                                              billing period

From                                                          Details
Waveport LLC                                                  Invoice number:            502114933
101 Harbor Ave                                                Date of issue:      February 1, 2026
New York, NY 10013                                            Payment due on:     February 1, 2026

For
Jansen Trading BV <mail@jansen.example>
Keizersgracht 1
1015 CC Amsterdam
VAT ID: NL001234567B13

Summary
Total usage charges                                                                        $43.20
Subtotal                                                                                   $43.20
Tax (0%)                                                                                    $0.00
Total due                                                                                  $43.20

If you have a credit card on file, it will be automatically charged within 24 hours
""",
        {
            "supplier_name": "Waveport LLC",
            "invoice_number": "502114933",
            "invoice_date": "2026-02-01",
            "due_date": "2026-02-01",
            "total": "43.20",
            "currency": "USD",
        },
        ("iban", "vat_number"),
    ),
    Golden(
        "software company: dates with the month in capitals, grand total with the currency in brackets",
        "en",
        """
                                                     Brushwork Software Ireland Limited
                                                     4-6 Riverwalk, Citywest
                                                     Dublin 24
                                                     VAT Registration No: IE6388047V
Invoice Information
Invoice Number              IEE2026004418
Invoice Date                12-APR-2026
Payment Terms               Credit Card
Order Number                AE01881123
Currency                    EUR

Bill To
Atelier Noord
Havenweg 2
8861 BB Harlingen
NETHERLANDS

Product Description      Quantity      Unit Price      Net Amount     Tax Rate     Tax      Total
Creative Plan                   1           14.87           14.87          21%     3.12     17.99

                                                NET AMOUNT (EUR)              14.87
                                                TAXES (SEE DETAILS)            3.12
                                                GRAND TOTAL (EUR)             17.99
""",
        {
            "supplier_name": "Brushwork Software Ireland Limited",
            "invoice_number": "IEE2026004418",
            "invoice_date": "2026-04-12",
            "total": "17.99",
            "net_total": "14.87",
            "vat_total": "3.12",
            "currency": "EUR",
            "vat_number": "IE6388047V",
        },
    ),
    Golden(
        "German web host: one small line of sender, account to be debited",
        "de",
        """
Serverstube Online GmbH · Rackweg 25 · 91710 Gunzenhausen

Jansen Trading BV                                        Kundennummer:        K0771234500
Keizersgracht 1                                          Rechnungsnummer:     R0017735521
1015 CC Amsterdam                                        Rechnungsdatum:      05.01.2026
NIEDERLANDE                                              Ihre USt-ID:         NL001234567B13

Rechnung R0017735521

Cloud Projekt "shop" (Dezember 2025)
Server CX22            1        4,15 €        4,15 €
Volume                 1        1,90 €        1,90 €

Zwischensumme                                 6,05 €
Umsatzsteuer 0 %                              0,00 €
Zu zahlender Betrag                           6,05 €

Der Betrag wird am 12.01.2026 per Lastschrift von Ihrem Konto DE02 1203 0000 0000 2020 51 eingezogen.
Steuerschuldnerschaft des Leistungsempfängers.

Serverstube Online GmbH    info@serverstube.example    HRB 6089    USt-IdNr. DE136695976
""",
        {
            "supplier_name": "Serverstube Online GmbH",
            "invoice_number": "R0017735521",
            "invoice_date": "2026-01-05",
            "due_date": "2026-01-12",
            "total": "6.05",
            "currency": "EUR",
            "vat_number": "DE136695976",
        },
        ("iban",),
    ),
    Golden(
        "the German model invoice: term with discount in one sentence",
        "de",
        """
Lieferant Muster GmbH
Lieferantenstraße 20
80333 München
                                                         Telefon: +49 89 555 123
Kunden AG Mitte                                          USt-IdNr.: DE136695976
Hans Muster                                              Steuernummer: 201/113/40209
Kundenstraße 15
69876 Frankfurt

RECHNUNG
Rechnungsnr.: 471102                                     Datum: 05.03.2026
Kundennummer: GE2020211                                  Lieferdatum: 05.03.2026

Pos   Artikel-Nr.   Beschreibung         Menge        Einzelpreis     MwSt      Gesamt
1     TB100A4       Trennblätter A4      20 Stk            9,90       19%       198,00
2     ARNR2         Joghurt Banane       50 Stk            5,50        7%       275,00

                                         Nettosumme                             473,00
                                         zzgl. 7% MwSt auf 275,00                19,25
                                         zzgl. 19% MwSt auf 198,00               37,62
                                         Bruttosumme                            529,87 EUR

Zahlbar innerhalb 30 Tagen netto bis 04.04.2026, 3% Skonto innerhalb 10 Tagen bis 15.03.2026

IBAN DE02120300000000202051  BIC BYLADEM1001
""",
        {
            "supplier_name": "Lieferant Muster GmbH",
            "invoice_number": "471102",
            "invoice_date": "2026-03-05",
            "due_date": "2026-04-04",
            "total": "529.87",
            "net_total": "473.00",
            "vat_total": "56.87",
            "iban": "DE02120300000000202051",
            "vat_number": "DE136695976",
            "payment_term": "30 days",
        },
    ),
    Golden(
        "a receipt of a card payment",
        "en",
        """
Receipt

Codehub, Inc.
88 Colin Street
San Francisco, CA 94107

Receipt number     2281-4410
Date paid          March 9, 2026
Payment method     Visa - 4242

$48.00 paid on March 9, 2026

Description                              Qty      Unit price      Amount
Team seats (Mar 9 - Apr 9, 2026)          12           $4.00      $48.00

                                         Subtotal                 $48.00
                                         Total                    $48.00
                                         Amount paid              $48.00
""",
        {
            "supplier_name": "Codehub, Inc.",
            "invoice_number": "2281-4410",
            "invoice_date": "2026-03-09",
            "total": "48.00",
            "currency": "USD",
        },
        ("iban", "due_date"),
    ),
    Golden(
        "web shop: order, shipping and billing addresses side by side",
        "nl",
        """
Fietsplaza B.V.                                                   Factuur
Spakenweg 4
3541 AA Utrecht                                                   Factuurnummer: W2026-55101
klantenservice@fietsplaza.example                                 Factuurdatum: 2 maart 2026
                                                                  Bestelnummer: 100088123
                                                                  Besteldatum: 1 maart 2026
Factuuradres                    Verzendadres
P. de Boer                      P. de Boer
Lindelaan 8                     Buren: nr 10
2012 AB Haarlem                 2012 AB Haarlem

Product                             SKU         Prijs      Aantal      Btw       Subtotaal
Voorlicht led                       VL-1      € 24,95           1    € 4,33        € 24,95
Bandenset                           BS-28     € 39,90           2   € 13,85        € 79,80

                                                       Subtotaal                  € 104,75
                                                       Verzendkosten                € 4,95
                                                       Totaal (incl. btw)         € 109,70
                                                       Btw 21%                     € 19,04
                                                       Betaald met iDEAL         € -109,70

KvK 30155512 - BTW NL820471616B01 - IBAN NL20INGB0001234567
""",
        {
            "supplier_name": "Fietsplaza B.V.",
            "invoice_number": "W2026-55101",
            "invoice_date": "2026-03-02",
            "total": "109.70",
            "vat_total": "19.04",
            "currency": "EUR",
            "iban": "NL20INGB0001234567",
            "vat_number": "NL820471616B01",
        },
        ("due_date",),
    ),
    Golden(
        "the XML's fields printed one by one",
        "de",
        """
Rechnung
Rechnungsnummer:                 2026-0815
Rechnungsdatum:                  2026-02-11
Rechnungsart:                    380
Währung:                         EUR
Fälligkeitsdatum:                2026-03-13

Informationen zum Verkäufer
Firmenname:                      Netzbau Nord GmbH
Straße:                          Kabelweg 1
Postleitzahl:                    20095
Ort:                             Hamburg
Umsatzsteuer-ID:                 DE136695976
E-Mail:                          rechnung@netzbau.example

Informationen zum Käufer
Firmenname:                      Stadt Musterheim
Straße:                          Rathausplatz 1
Postleitzahl:                    99999
Ort:                             Musterheim

Gesamtbeträge der Rechnung
Summe aller Positionen netto:    1.000,00
Gesamtsumme netto:               1.000,00
Summe Umsatzsteuer:              190,00
Gesamtsumme brutto:              1.190,00
Fälliger Betrag:                 1.190,00

Überweisung
Kontoinhaber:                    Netzbau Nord GmbH
IBAN:                            DE02120300000000202051
BIC:                             BYLADEM1001
""",
        {
            "supplier_name": "Netzbau Nord GmbH",
            "invoice_number": "2026-0815",
            "invoice_date": "2026-02-11",
            "due_date": "2026-03-13",
            "total": "1190.00",
            "net_total": "1000.00",
            "vat_total": "190.00",
            "currency": "EUR",
            "iban": "DE02120300000000202051",
            "bic": "BYLADEM1001",
            "vat_number": "DE136695976",
        },
    ),
    Golden(
        "columns of totals over one row of values",
        "fr",
        """
FACTURE                                         SAS Atelier des Cordes
                                                5 impasse du Moulin
N° F2026-118                                    35000 RENNES
Du 05/02/2026                                   SIRET 12345678200019
Client n° C0042                                 FR11123456782

LYCEE SAINT-YVES
12 bd de la Liberté
35000 RENNES

Désignation                    Qté     PU HT     TVA     Total HT
Réparation violon                1    220,00     20%       220,00

Base HT        Taux       Montant TVA        Total TTC        Acompte        Net à payer
220,00         20%              44,00           264,00           0,00           264,00 €

Échéance : 05/03/2026        Mode de règlement : virement
IBAN FR14 2004 1010 0505 0001 3M02 606
""",
        {
            "supplier_name": "SAS Atelier des Cordes",
            "invoice_number": "F2026-118",
            "invoice_date": "2026-02-05",
            "due_date": "2026-03-05",
            "total": "264.00",
            "net_total": "220.00",
            "vat_total": "44.00",
            "currency": "EUR",
            "iban": "FR1420041010050500013M02606",
            "vat_number": "FR11123456782",
        },
    ),
    Golden(
        "prepaid: the whole amount, what was paid, what is left",
        "en",
        """
Millstone Catering Ltd                                      INVOICE 7741
12 Mill Lane, Dublin 8
VAT IE6388047V                                              Date 14/03/2026
                                                            Due 28/03/2026
To: Harbour Events BV
    Quay 1
    1011 AA Amsterdam

Wedding buffet, 80 persons                        2,400.00

Net                                               2,400.00
VAT 13.5%                                           324.00
Total incl. VAT                                EUR 2,724.00
Deposit received                                -1,000.00
Balance due                                     1,724.00

IBAN IE29 AIBK 9311 5212 3456 78
""",
        {
            "supplier_name": "Millstone Catering Ltd",
            "invoice_number": "7741",
            "invoice_date": "2026-03-14",
            "due_date": "2026-03-28",
            "total": "2724.00",
            "net_total": "2400.00",
            "vat_total": "324.00",
            "currency": "EUR",
            "iban": "IE29AIBK93115212345678",
        },
    ),
    Golden(
        "telecom bill of two pages' worth of sums",
        "de",
        """
Fernruf Deutschland GmbH, Postfach 11 22, 53113 Bonn
                                                              Ihre Rechnung für Januar 2026
Herrn                                                         Datum               02.02.2026
Karl Schmidt                                                  Kundennummer        5 512 777
Ahornweg 3                                                    Rechnungsnummer     733 188 2210
50667 Köln                                                    Buchungskonto       8812 3344

                                                              Seite               1 / 2

Zusammenfassung                                  Netto (€)       Brutto (€)
Festnetz und Internet                                33,57            39,95
Mobilfunk                                            16,80            19,99
Summe                                                50,37            59,94
Umsatzsteuer 19 %                                     9,57
Rechnungsbetrag                                                       59,94

Der Rechnungsbetrag wird ab dem 12.02.2026 von Ihrem Konto IBAN DE02 **** 2051 abgebucht.
Fernruf Deutschland GmbH - USt-IdNr. DE136695976 - Amtsgericht Bonn HRB 5919
""",
        {
            "supplier_name": "Fernruf Deutschland GmbH",
            "invoice_number": "733 188 2210",
            "invoice_date": "2026-02-02",
            "due_date": "2026-02-12",
            "total": "59.94",
            "net_total": "50.37",
            "vat_total": "9.57",
            "vat_number": "DE136695976",
        },
        ("iban",),
    ),
    Golden(
        "no invoice number printed at all",
        "nl",
        """
Schildersbedrijf Kwast & Zn
Verfweg 2
7411 KA Deventer
Tel. 0570-555123

Deventer, 4 februari 2026

Aan mevr. Pietersen
Brink 1
7411 BR Deventer

Voor het schilderen van uw voordeur             € 350,00
9% btw                                           € 31,50
Samen                                           € 381,50

Graag overmaken op NL20INGB0001234567.
""",
        {
            "supplier_name": "Schildersbedrijf Kwast & Zn",
            "invoice_date": "2026-02-04",
            "iban": "NL20INGB0001234567",
            "currency": "EUR",
        },
        ("invoice_number", "due_date"),
    ),
)
