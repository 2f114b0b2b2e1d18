"""Czech, Hungarian, Polish and Romanian invoices."""

from tests.extractors.printed import Golden

CASES = (
    Golden(
        "the day of the supply stands beside the day of issue",
        "cs",
        """
FAKTURA - DAŇOVÝ DOKLAD č. 2026031188

Dodavatel:                                    Odběratel:
Truhlářství Vrána s.r.o.                      Hotel Na Kopci a.s.
Dlouhá 14                                     Lesní 3
602 00 Brno                                   460 01 Liberec
IČ: 27074358                                  IČ: 45274649
DIČ: CZ27074358                               DIČ: CZ45274649

Variabilní symbol:     2026031188             Datum vystavení:                      5. března 2026
Bankovní spojení:      Komerční banka         Datum splatnosti:                     19. března 2026
IBAN: CZ65 0800 0000 1920 0014 5399           Datum uskutečnění zdanitelného plnění: 28. 2. 2026
SWIFT: GIBACZPX                               Forma úhrady: převodem

Označení dodávky               Množství     Cena za MJ     Celkem bez DPH
Stůl dubový                           2       8 450,00         16 900,00
Židle                                 8       1 250,00         10 000,00

Základ daně                                                    26 900,00
DPH 21 %                                                        5 649,00
Celkem k úhradě                                             32 549,00 Kč
""",
        {
            "supplier_name": "Truhlářství Vrána s.r.o.",
            "invoice_number": "2026031188",
            "invoice_date": "2026-03-05",
            "due_date": "2026-03-19",
            "total": "32549.00",
            "net_total": "26900.00",
            "vat_total": "5649.00",
            "iban": "CZ6508000000192000145399",
            "currency": "CZK",
        },
    ),
    Golden(
        "three days in a row and forints without decimals",
        "hu",
        """
# SZÁMLA

Eladó:                                   Vevő:
Kékfestő Műhely Kft.                     Piac Étterem Zrt.
7100 Szekszárd, Fő utca 8.               1056 Budapest, Váci utca 20.
Adószám: 12892312-2-17                   Vevő adószáma: 10773381-2-44
Közösségi adószám: HU12892312

Számla száma: KM-2026/00217
Teljesítés dátuma         Számla kelte            Fizetési határidő
2026. január 3.           2026. január 5.         2026. január 20.

Megnevezés            Mennyiség      Nettó egységár      Nettó érték      ÁFA      Bruttó érték
Abrosz                       10            4 500 Ft        45 000 Ft      27%         57 150 Ft

Nettó összesen                                                            45 000 Ft
ÁFA összesen                                                              12 150 Ft
Fizetendő összesen                                                        57 150 Ft

IBAN: HU42 1177 3016 1111 1018 0000 0000
""",
        {
            "supplier_name": "Kékfestő Műhely Kft.",
            "invoice_number": "KM-2026/00217",
            "invoice_date": "2026-01-05",
            "due_date": "2026-01-20",
            "total": "57150.00",
            "vat_total": "12150.00",
            "iban": "HU42117730161111101800000000",
            "currency": "HUF",
        },
    ),
    Golden(
        "sold one day, issued another, genitive months",
        "pl",
        """
                                                  Faktura VAT nr FV/118/03/2026
Data wystawienia: 5 marca 2026
Data sprzedaży:   28 lutego 2026
Termin płatności: 19 marca 2026

Sprzedawca                                        Nabywca
Stolarnia Dąb Sp. z o.o.                          Gospoda Pod Lipą
ul. Leśna 4                                       ul. Rynek 1
30-001 Kraków                                     50-101 Wrocław
NIP: PL8567346215                                 NIP nabywcy: PL5260250274

Lp   Nazwa towaru            Ilość   Cena netto   Wartość netto   VAT   Wartość brutto
1    Ława dębowa                 4       450,00        1 800,00   23%         2 214,00

                             Razem                     1 800,00  414,00       2 214,00

Do zapłaty: 2 214,00 zł
Nr rachunku: PL61 1090 1014 0000 0712 1981 2874
""",
        {
            "supplier_name": "Stolarnia Dąb Sp. z o.o.",
            "invoice_number": "FV/118/03/2026",
            "invoice_date": "2026-03-05",
            "due_date": "2026-03-19",
            "total": "2214.00",
            "iban": "PL61109010140000071219812874",
            "vat_number": "PL8567346215",
            "currency": "PLN",
        },
    ),
    Golden(
        "lei, the number behind its series",
        "ro",
        """
Furnizor: Tâmplăria Brad S.R.L.                      Client: Hanul Vechi S.A.
CIF: RO14399840                                      CIF client: RO16341004
Reg. com.: J40/372/2002
Cont IBAN: RO49 AAAA 1B31 0075 9384 0000

                        FACTURA FISCALĂ
                        Nr. factură: TB 20260118
                        Data facturii: 5 ianuarie 2026
                        Data scadenței: 20.01.2026
                        Data livrării: 03.01.2026

Nr. crt.  Denumirea produselor      Cantitate   Preț unitar   Valoare    Valoare TVA
1         Masă de brad                      2        600,00   1.200,00        252,00

Total fără TVA                                                1.200,00
Total TVA                                                       252,00
Total de plată                                            1.452,00 lei
""",
        {
            "supplier_name": "Tâmplăria Brad S.R.L.",
            "invoice_date": "2026-01-05",
            "due_date": "2026-01-20",
            "total": "1452.00",
            "net_total": "1200.00",
            "vat_total": "252.00",
            "vat_number": "RO14399840",
            "iban": "RO49AAAA1B31007593840000",
            "currency": "RON",
        },
    ),
)
