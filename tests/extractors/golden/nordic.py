"""Finnish, Swedish, Danish and Norwegian invoices."""

from tests.extractors.printed import Golden

CASES = (
    Golden(
        "Finnish with a giro slip at the foot",
        "fi",
        """
Rakennusliike Kallio Oy                                LASKU
Kalliotie 4
33100 TAMPERE
Y-tunnus 2077474-0
                                                       Laskun numero        10455
Asunto Oy Mäntyrinne                                   Laskun päivämäärä    5.2.2026
Mäntykatu 9                                            Eräpäivä             19.2.2026
00700 HELSINKI                                         Viitenumero          10 45512
                                                       Maksuehto            14 pv netto

Tuote                              Määrä     Yksikkö     à-hinta      Yhteensä
Kattoremontti, työ                  42,00    h             55,00      2 310,00
Tarvikkeet                           1,00    erä          690,00        690,00

Veroton yhteensä                                                      3 000,00
ALV 25,5 %                                                              765,00
Yhteensä EUR                                                          3 765,00

Saajan tilinumero   FI21 1234 5600 0007 85           BIC  NDEAFIHH
Saaja               Rakennusliike Kallio Oy
""",
        {
            "supplier_name": "Rakennusliike Kallio Oy",
            "invoice_number": "10455",
            "invoice_date": "2026-02-05",
            "due_date": "2026-02-19",
            "total": "3765.00",
            "net_total": "3000.00",
            "vat_total": "765.00",
            "currency": "EUR",
            "iban": "FI2112345600000785",
            "bic": "NDEAFIHH",
            "payment_term": "14 days",
        },
    ),
    Golden(
        "Finnish credit note",
        "fi",
        """
Metsäpuu Oy                                       HYVITYSLASKU
Sahakatu 1, 40100 Jyväskylä

Asiakas: Puutarha Vihreä Ky
         Kukkakuja 2
         40200 Jyväskylä

Hyvityslaskun numero: H-2026-5
Päiväys: 11.03.2026
Hyvitettävä lasku: 20188

Yhteensä veroton     -120,00
ALV 25,5%             -30,60
Yhteensä             -150,60 EUR

IBAN FI2112345600000785    ALV-nro FI20774740
""",
        {
            "supplier_name": "Metsäpuu Oy",
            "invoice_number": "H-2026-5",
            "invoice_date": "2026-03-11",
            "total": "150.60",
            "net_total": "120.00",
            "vat_total": "30.60",
            "is_credit_note": "true",
            "vat_number": "FI20774740",
        },
    ),
    Golden(
        "Swedish with bankgiro",
        "sv",
        """
# Norrlands Takservice AB

Fakturaadress                                  FAKTURA
Bostadsföreningen Eken                         Fakturanr          3021
Ekvägen 12                                     Fakturadatum       2026-02-16
903 30 Umeå                                    Förfallodatum      2026-03-18
                                               Ert kundnr         118
                                               Betalningsvillkor  30 dagar netto

Benämning                          Antal      À-pris        Belopp
Snöskottning tak                   18,00      450,00      8 100,00
Framkörning                         1,00      600,00        600,00

                                   Netto                  8 700,00
                                   Moms 25%               2 175,00
                                   Att betala SEK        10 875,00

Norrlands Takservice AB      Bankgiro 5050-1055         Org.nr 556012-5790
Industrivägen 3              IBAN SE45 5000 0000 0583 9825 7466   Godkänd för F-skatt
903 30 Umeå                  BIC ESSESESS               Momsreg.nr SE556012579001
""",
        {
            "supplier_name": "Norrlands Takservice AB",
            "invoice_number": "3021",
            "invoice_date": "2026-02-16",
            "due_date": "2026-03-18",
            "total": "10875.00",
            "net_total": "8700.00",
            "vat_total": "2175.00",
            "currency": "SEK",
            "iban": "SE4550000000058398257466",
            "bic": "ESSESESS",
            "vat_number": "SE556012579001",
            "account": "5050-1055",
            "payment_term": "30 days",
        },
    ),
    Golden(
        "Swedish without an IBAN, amounts in crowns",
        "sv",
        """
Café Solsidan AB              Faktura 114
Strandgatan 2                 Datum 2026-01-09
261 31 Landskrona             Förfaller 2026-02-08

Kund: Skolkontoret, Box 50, 261 22 Landskrona

Catering 40 personer                       6 000,00 kr
Moms 12%                                     720,00 kr
Summa att betala                           6 720,00 kr

Plusgiro 12 34 56-7      Momsreg nr SE556012579001
""",
        {
            "supplier_name": "Café Solsidan AB",
            "invoice_number": "114",
            "invoice_date": "2026-01-09",
            "due_date": "2026-02-08",
            "total": "6720.00",
            "vat_total": "720.00",
            "currency": "SEK",
            "account": "12 34 56-7",
            "vat_number": "SE556012579001",
        },
        ("iban",),
    ),
    Golden(
        "Danish",
        "da",
        """
Fyns Kontorteknik ApS                 FAKTURA
Vestergade 10, 5000 Odense C
CVR-nr. 13585628

Kunde                                 Fakturanr.        70122
Brugsen Nord                          Fakturadato       03.02.2026
Torvet 1                              Forfaldsdato      17.02.2026
9000 Aalborg

Beskrivelse            Antal    Enhedspris      Beløb
Toner                      4        350,00    1.400,00

Subtotal                                      1.400,00
Moms 25%                                        350,00
I alt DKK                                     1.750,00

IBAN DK50 0040 0440 1162 43     SWIFT NDEADKKK
""",
        {
            "supplier_name": "Fyns Kontorteknik ApS",
            "invoice_number": "70122",
            "invoice_date": "2026-02-03",
            "due_date": "2026-02-17",
            "total": "1750.00",
            "net_total": "1400.00",
            "vat_total": "350.00",
            "currency": "DKK",
            "iban": "DK5000400440116243",
        },
    ),
    Golden(
        "Norwegian",
        "da",
        """
Fjordbygg AS                                   Faktura
Kaigata 7, 5003 Bergen                         Fakturanummer   20260044
Org.nr. 984 661 185 MVA                        Fakturadato     11.02.2026
                                               Forfallsdato    25.02.2026
Fakturamottaker                                KID             0020260044
Havnesenteret DA
Strandkaien 3
5013 Bergen

Beskrivelse             Antall      Pris        Beløp
Tømrerarbeid                30    650,00    19 500,00

Sum eks. mva                                19 500,00
25% mva                                      4 875,00
Å betale NOK                                24 375,00

Kontonummer 1503 40 12345     IBAN NO93 8601 1117 947
""",
        {
            "supplier_name": "Fjordbygg AS",
            "invoice_number": "20260044",
            "invoice_date": "2026-02-11",
            "due_date": "2026-02-25",
            "total": "24375.00",
            "net_total": "19500.00",
            "vat_total": "4875.00",
            "currency": "NOK",
            "iban": "NO9386011117947",
        },
    ),
)
