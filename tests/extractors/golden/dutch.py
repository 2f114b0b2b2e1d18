"""Dutch and Belgian invoices."""

from tests.extractors.printed import Golden

CASES = (
    Golden(
        "letter with details at the foot",
        "nl",
        """
# Hoveniersbedrijf Groenrijk

Hoveniersbedrijf Groenrijk, Dorpsstraat 12, 3999 AA Tull en 't Waal


Bakkerij Jansen B.V.
T.a.v. de crediteurenadministratie
Marktplein 4
3421 AB Oudewater



FACTUUR

Factuurnummer           : 2026-0117                   Klantnummer    : 10045
Factuurdatum            : 03-02-2026                  Uw referentie  : tuin voorzijde
Vervaldatum             : 05-03-2026


Aantal   Omschrijving                                   Prijs       BTW      Totaal

 12,5    Onderhoud tuin, uren                           48,00       21%      600,00
 1       Afvoer groenafval                              75,00       21%       75,00

                                              Subtotaal                      675,00
                                              BTW 21%                        141,75
                                              Totaal te voldoen            € 816,75

Wij verzoeken u vriendelijk het bedrag binnen 30 dagen over te maken op NL20INGB0001234567
ten name van Hoveniersbedrijf Groenrijk onder vermelding van het factuurnummer.



KvK 30123456   |   BTW-id NL001234567B13   |   IBAN NL20INGB0001234567   |   BIC INGBNL2A
""",
        {
            "supplier_name": "Hoveniersbedrijf Groenrijk",
            "invoice_number": "2026-0117",
            "invoice_date": "2026-02-03",
            "due_date": "2026-03-05",
            "total": "816.75",
            "net_total": "675.00",
            "vat_total": "141.75",
            "currency": "EUR",
            "iban": "NL20INGB0001234567",
            "bic": "INGBNL2A",
            "vat_number": "NL001234567B13",
            "payment_term": "30 days",
            "is_credit_note": "false",
        },
        ("account",),
    ),
    Golden(
        "labels above their values, two VAT rates",
        "nl",
        """
                                                                 Van der Veen Horeca Groothandel B.V.
                                                                 Industrieweg 88
                                                                 8243 PM Lelystad
                                                                 Tel. 0320-555123
                                                                 www.vanderveenhoreca.example

Factuuradres                                Afleveradres
Cafe De Zwaan                               Cafe De Zwaan
Kade 3                                      Kade 3
1131 XX Volendam                            1131 XX Volendam

Factuurnr      Factuurdatum      Debiteurnr      Ordernr        Vervaldatum
VF260331       31-01-26          40021           SO88120        14-02-26

Artikelnr   Omschrijving                Aantal     Stuksprijs    BTW       Bedrag
8811        Frituurvet 10L                   4          22,50      9        90,00
9920        Schoonmaakmiddel                 2           8,95     21        17,90

             Grondslag 9%        90,00      BTW 9%         8,10
             Grondslag 21%       17,90      BTW 21%        3,76

                                             Totaal excl. BTW       107,90
                                             Totaal BTW              11,86
                                             Totaal incl. BTW EUR   119,76

Rabobank NL44RABO0123456789   BIC RABONL2U   KvK Lelystad 39012345   BTW NL800123456B01
""",
        {
            "supplier_name": "Van der Veen Horeca Groothandel B.V.",
            "invoice_number": "VF260331",
            "invoice_date": "2026-01-31",
            "due_date": "2026-02-14",
            "total": "119.76",
            "net_total": "107.90",
            "vat_total": "11.86",
            "currency": "EUR",
            "iban": "NL44RABO0123456789",
            "vat_number": "NL800123456B01",
        },
    ),
    Golden(
        "Belgian, vervaldag, ondernemingsnummer, structured communication",
        "nl",
        """
Elektro Peeters BV
Steenweg op Gent 210, 9300 Aalst
Tel 053 55 51 23 - info@elektropeeters.example
BTW BE 0403.019.261
                                                      KLANT
                                                      Brouwerij De Vos NV
                                                      Hopmarkt 9
                                                      9300 Aalst
                                                      BTW BE0202239951

Factuur nr. 26/00451
Datum: 12/02/2026
Vervaldag: 14/03/2026

Omschrijving                                  Hoeveelheid    Eenheidsprijs      Bedrag
Vervangen zekeringkast                                  1          1.250,00    1.250,00
Werkuren                                                6             55,00      330,00

                                    Maatstaf van heffing                       1.580,00
                                    BTW 21%                                      331,80
                                    Te betalen EUR                             1.911,80

Gelieve te betalen op BE68 5390 0754 7034 met mededeling +++126/0004/51045+++
""",
        {
            "supplier_name": "Elektro Peeters BV",
            "invoice_number": "26/00451",
            "invoice_date": "2026-02-12",
            "due_date": "2026-03-14",
            "total": "1911.80",
            "net_total": "1580.00",
            "vat_total": "331.80",
            "iban": "BE68539007547034",
            "vat_number": "BE0403019261",
            "currency": "EUR",
        },
    ),
    Golden(
        "direct debit: the customer's account is not the supplier's",
        "nl",
        """
# Stadsenergie

Mevrouw P. de Boer                                       Stadsenergie N.V.
Lindelaan 8                                              Postbus 100
2012 AB Haarlem                                          1000 AC Amsterdam

Datum 5 maart 2026
Klantnummer 88 123 456
Factuurnummer 400012345678

Uw termijnnota

Termijnbedrag maart 2026                     € 165,29
BTW 21%                                      € 34,71
Totaalbedrag incl. BTW                       € 200,00

Het bedrag wordt rond 20 maart 2026 afgeschreven van uw rekening NL91 ABNA 0417 1643 00.

Stadsenergie N.V., KvK 34123456, BTW NL812345678B01, IBAN NL02ABNA0123456789
""",
        {
            "supplier_name": "Stadsenergie N.V.",
            "invoice_number": "400012345678",
            "invoice_date": "2026-03-05",
            "due_date": "2026-03-20",
            "total": "200.00",
            "vat_total": "34.71",
            "iban": "NL02ABNA0123456789",
            "vat_number": "NL812345678B01",
            "currency": "EUR",
        },
    ),
    Golden(
        "credit note with negative amounts",
        "nl",
        """
Kantoorinrichting Visser B.V.              CREDITNOTA
Havenstraat 5
3011 AA Rotterdam

Aan: Bakkerij Jansen B.V.
     Marktplein 4
     3421 AB Oudewater

Creditnotanummer: CN2026-014
Datum: 17-03-2026
Betreft factuur: F2026-0099

Omschrijving               Aantal      Prijs       Bedrag
Retour bureaustoel              2     -249,00     -498,00

                          Totaal excl. btw     -498,00
                          21% btw              -104,58
                          Totaal incl. btw     -602,58

IBAN NL69INGB0123456789  BTW NL123456782B90
""",
        {
            "supplier_name": "Kantoorinrichting Visser B.V.",
            "invoice_number": "CN2026-014",
            "invoice_date": "2026-03-17",
            "total": "602.58",
            "net_total": "498.00",
            "vat_total": "104.58",
            "is_credit_note": "true",
            "iban": "NL69INGB0123456789",
        },
        ("due_date",),
    ),
)
