"""Italian, Spanish and Polish invoices."""

from tests.extractors.printed import Golden

CASES = (
    Golden(
        "Italian",
        "it",
        """
Ceramiche Bellini S.r.l.
Via Emilia 120, 41049 Sassuolo (MO)
P.IVA 00743110157     Capitale sociale 50.000,00

                                            Spett.le
                                            Tegelhandel De Maas B.V.
                                            Maasboulevard 9
                                            3011 AB Rotterdam

Fattura n. 145/2026          Data 20/02/2026

Descrizione                     Quantità      Prezzo unitario       Importo
Gres porcellanato 60x60            120 mq               18,50      2.220,00

Imponibile                                                         2.220,00
IVA 22%                                                              488,40
Totale fattura                                                   € 2.708,40

Pagamento: bonifico bancario   Scadenza 31/03/2026
IBAN IT60X0542811101000000123456
""",
        {
            "supplier_name": "Ceramiche Bellini S.r.l.",
            "invoice_number": "145/2026",
            "invoice_date": "2026-02-20",
            "due_date": "2026-03-31",
            "total": "2708.40",
            "net_total": "2220.00",
            "vat_total": "488.40",
            "currency": "EUR",
            "iban": "IT60X0542811101000000123456",
            "vat_number": "IT00743110157",
        },
    ),
    Golden(
        "Spanish",
        "es",
        """
Aceites del Sur S.L.                          FACTURA
CIF B58378431
Calle Mayor 4, 41001 Sevilla

Cliente:                                      Nº factura: 2026-77
Importadora Holandesa BV                      Fecha: 05/02/2026
Prinsengracht 5                               Vencimiento: 07/03/2026
1015 AA Amsterdam

Concepto                  Cantidad      Precio      Importe
Aceite de oliva 5 L             60       28,00     1.680,00

Base imponible                                     1.680,00
IVA 10%                                              168,00
TOTAL FACTURA                                      1.848,00 €

IBAN ES91 2100 0418 4502 0005 1332   BIC CAIXESBBXXX
""",
        {
            "supplier_name": "Aceites del Sur S.L.",
            "invoice_number": "2026-77",
            "invoice_date": "2026-02-05",
            "due_date": "2026-03-07",
            "total": "1848.00",
            "net_total": "1680.00",
            "vat_total": "168.00",
            "currency": "EUR",
            "iban": "ES9121000418450200051332",
            "vat_number": "ESB58378431",
        },
    ),
    Golden(
        "Polish",
        "pl",
        """
Faktura VAT nr FV/12/02/2026
Data wystawienia: 2026-02-10
Termin płatności: 2026-02-24

Sprzedawca                                Nabywca
Meble Kowalski Sp. z o.o.                 Woonwinkel Bos B.V.
ul. Długa 5                               Dorpsweg 8
61-001 Poznań                             1011 AA Amsterdam
NIP PL8567346215                          NL001234567B13

Lp.  Nazwa towaru     Ilość    Cena netto    Wartość netto
1    Krzesło dębowe      24        310,00         7 440,00

Razem netto                                       7 440,00
Kwota VAT                                         1 711,20
Do zapłaty                                        9 151,20 PLN

Nr konta: PL61 1090 1014 0000 0712 1981 2874
""",
        {
            "supplier_name": "Meble Kowalski Sp. z o.o.",
            "invoice_number": "FV/12/02/2026",
            "invoice_date": "2026-02-10",
            "due_date": "2026-02-24",
            "total": "9151.20",
            "net_total": "7440.00",
            "vat_total": "1711.20",
            "currency": "PLN",
            "iban": "PL61109010140000071219812874",
            "vat_number": "PL8567346215",
        },
    ),
)
