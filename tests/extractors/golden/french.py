"""French, Belgian and Swiss-French invoices."""

from tests.extractors.printed import Golden

CASES = (
    Golden(
        "thousands by blanks, totals in a small table",
        "fr",
        """
# MENUISERIE DUBOIS
12 rue des Lilas
69003 LYON
Tél : 04 72 55 01 77
contact@menuiserie-dubois.example

                                                        SCI LES GLYCINES
                                                        4 place Bellecour
                                                        69002 LYON

FACTURE N° FA2026-0042                                  Date : 14/02/2026
                                                        Échéance : 16/03/2026

Désignation                           Qté       P.U. HT        Montant HT
Fenêtre double vitrage                  4        612,50          2 450,00
Pose                                    1        480,00            480,00

Total HT                                                         2 930,00 €
TVA 20 %                                                           586,00 €
Total TTC                                                        3 516,00 €
Net à payer                                                      3 516,00 €

Règlement par virement : IBAN FR14 2004 1010 0505 0001 3M02 606   BIC PSSTFRPPLYO
SARL au capital de 8 000 € - SIRET 123 456 782 00019 - RCS Lyon - TVA FR 11 123 456 782
""",
        {
            "supplier_name": "MENUISERIE DUBOIS",
            "invoice_number": "FA2026-0042",
            "invoice_date": "2026-02-14",
            "due_date": "2026-03-16",
            "total": "3516.00",
            "net_total": "2930.00",
            "vat_total": "586.00",
            "currency": "EUR",
            "iban": "FR1420041010050500013M02606",
            "bic": "PSSTFRPPLYO",
            "vat_number": "FR11123456782",
        },
    ),
    Golden(
        "number and date in one line, account of the payer masked",
        "fr",
        """
Télécom Azur SA
BP 1234 06000 Nice Cedex

                                               Mme Claire Martin
                                               8 avenue de la Gare
                                               06400 CANNES

Facture n° 26021458871 du 3 février 2026
N° client 7711234

Abonnement mensuel                                       41,66
Total HT                                                 41,66
TVA (20%)                                                 8,33
Total facture TTC                                        49,99 €

Somme prélevée à partir du 15 février 2026 sur votre compte FR76 **** **** **** 123

Télécom Azur, société anonyme au capital de 1 000 000 € - RCS Nice B 421 938 861
N° TVA intracommunautaire : FR60421938861
""",
        {
            "supplier_name": "Télécom Azur SA",
            "invoice_number": "26021458871",
            "invoice_date": "2026-02-03",
            "due_date": "2026-02-15",
            "total": "49.99",
            "net_total": "41.66",
            "vat_total": "8.33",
            "vat_number": "FR60421938861",
            "currency": "EUR",
        },
        ("iban",),
    ),
    Golden(
        "thirty days, end of month",
        "fr",
        """
Ateliers Lambert SPRL                         FACTURE
Chaussée de Namur 15, 5030 Gembloux
TVA BE 0403.019.261

Client : Imprimerie Moderne SA
         Rue Haute 3
         1000 Bruxelles
         TVA : BE 0202.239.951

Facture : 2026/118
Date    : 10.02.2026

Libellé                   Quantité    Prix unitaire      Montant
Usinage pièces                  50            12,40       620,00

Total HTVA                                            620,00
TVA 21%                                               130,20
Total TVAC                                            750,20 EUR

Conditions de paiement : 30 jours fin de mois
IBAN : BE68 5390 0754 7034   BIC : GKCCBEBB
""",
        {
            "supplier_name": "Ateliers Lambert SPRL",
            "invoice_number": "2026/118",
            "invoice_date": "2026-02-10",
            "total": "750.20",
            "net_total": "620.00",
            "vat_total": "130.20",
            "currency": "EUR",
            "iban": "BE68539007547034",
            "vat_number": "BE0403019261",
            "payment_term": "30 days end of month",
        },
        ("due_date",),
    ),
    Golden(
        "avoir",
        "fr",
        """
Librairie du Port SAS
3 quai Sud
13002 Marseille

AVOIR N° AV-0031

Facturé à
Collège Jean Moulin
1 rue de l'École
13005 Marseille

Date d'émission : 27/02/2026
Facture d'origine : F-0298 du 12/01/2026

Total HT          80,00 €
TVA 5,5 %          4,40 €
Total TTC         84,40 €

SIRET 12345678200019   N° TVA FR11123456782
""",
        {
            "supplier_name": "Librairie du Port SAS",
            "invoice_number": "AV-0031",
            "invoice_date": "2026-02-27",
            "total": "84.40",
            "net_total": "80.00",
            "vat_total": "4.40",
            "is_credit_note": "true",
            "currency": "EUR",
        },
    ),
)
