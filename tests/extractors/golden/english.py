"""Invoices in English, from the British Isles and from further away."""

from tests.extractors.printed import Golden

CASES = (
    Golden(
        "British, sort code and account beside the IBAN",
        "en",
        """
# Harbour Print Works Ltd
14 Quayside, Whitby YO21 3PU
Tel 01947 555 017    accounts@harbourprint.example

INVOICE

Invoice To:                                   Invoice No:    HP-20418
Northern Museums Trust                        Invoice Date:  07/02/2026
1 Castle Street                               Payment Due:   09/03/2026
Newcastle NE1 1AA                             PO Number:     4500012345

Description                          Qty      Unit Price       Net
Exhibition panels A1                  14           38.50    539.00
Delivery                               1           25.00     25.00

                                     Net Total              564.00
                                     VAT @ 20%              112.80
                                     Invoice Total         £676.80

Bank: Barclays   Sort Code 20-00-00   Account No 73849506
IBAN GB33 BUKB 2020 1555 5555 55   SWIFT BUKBGB22
VAT Reg No GB 123 4567 82    Registered in England No 01234567
""",
        {
            "supplier_name": "Harbour Print Works Ltd",
            "invoice_number": "HP-20418",
            "invoice_date": "2026-02-07",
            "due_date": "2026-03-09",
            "total": "676.80",
            "net_total": "564.00",
            "vat_total": "112.80",
            "currency": "GBP",
            "iban": "GB33BUKB20201555555555",
            "bic": "BUKBGB22",
        },
    ),
    Golden(
        "American dates and dollars",
        "en",
        """
INVOICE                                             # INV-3337

Cloudyard Inc.
548 Market St, San Francisco, CA 94104
billing@cloudyard.example

Billed to                                           Date of issue     February 12, 2026
Gert Jansen B.V.                                    Date due          March 14, 2026
Keizersgracht 1
1015 CC Amsterdam
NL VAT NL001234567B13

Description                               Qty       Unit price         Amount
Team plan (Feb 12 - Mar 12, 2026)           5           $29.00        $145.00

Subtotal                                                              $145.00
Total                                                                 $145.00
Amount due                                                        $145.00 USD
""",
        {
            "supplier_name": "Cloudyard Inc.",
            "invoice_number": "INV-3337",
            "invoice_date": "2026-02-12",
            "due_date": "2026-03-14",
            "total": "145.00",
            "currency": "USD",
        },
        ("iban", "vat_number"),
    ),
    Golden(
        "labels on the right, payment terms in a sentence",
        "en",
        """
                                                               Clonmel Seeds DAC
                                                               Unit 3 Riverside Park
                                                               Clonmel, Co. Tipperary
                                                               VAT No: IE6388047V

TAX INVOICE

Customer: Green Acres BV                       Date: 1 April 2026
Account: GRE001                                Reference: 55102
                                               Invoice #: 18834

Item                Quantity        Rate          VAT            Total
Ryegrass mix 25kg         20       84.00         13.5%        1,680.00
Clover 10kg                2      120.00         13.5%          240.00

Goods Total                                                   1,920.00
VAT                                                             259.20
Grand Total EUR                                              €2,179.20

Payment terms: strictly 30 days from date of invoice.
Bank of Ireland IBAN IE29 AIBK 9311 5212 3456 78 BIC AIBKIE2D
""",
        {
            "supplier_name": "Clonmel Seeds DAC",
            "invoice_number": "18834",
            "invoice_date": "2026-04-01",
            "total": "2179.20",
            "net_total": "1920.00",
            "vat_total": "259.20",
            "currency": "EUR",
            "iban": "IE29AIBK93115212345678",
            "vat_number": "IE6388047V",
            "payment_term": "30 days",
        },
        ("due_date",),
    ),
    Golden(
        "a foreign account with BIC but without IBAN",
        "en",
        """
Kangaroo Leather Pty Ltd
ABN 53 004 085 616
PO Box 77, Fremantle WA 6160

Tax Invoice 0008817
Issue Date 20 Jan 2026
Due Date 19 Feb 2026

Bill To
Lederwaren Smit
Grote Markt 1
4811 XL Breda

Goods                         Amount
Hides, first grade          A$4,200.00

TOTAL AUD                    4,200.00

Bank: Westpac  BSB 036-000  Account number 123456789  SWIFT WPACAU2S
""",
        {
            "supplier_name": "Kangaroo Leather Pty Ltd",
            "invoice_number": "0008817",
            "invoice_date": "2026-01-20",
            "due_date": "2026-02-19",
            "total": "4200.00",
            "currency": "AUD",
            "account": "123456789",
            "bic": "WPACAU2S",
        },
        ("iban",),
    ),
    Golden(
        "a supermarket's receipt",
        "en",
        """
       FRESH MART SDN BHD
       12 JALAN BESAR
       TEL 03-555 0199
       TAX INVOICE
Invoice No : CS-118822
Date : 25/03/2026  14:02
MILK 1L            2     13.80
BREAD WHITE        1      3.50
Total (RM)               17.30
CASH                     20.00
CHANGE                    2.70
       THANK YOU
""",
        {
            "supplier_name": "FRESH MART SDN BHD",
            "invoice_number": "CS-118822",
            "invoice_date": "2026-03-25",
            "total": "17.30",
            "currency": "MYR",
        },
    ),
)
