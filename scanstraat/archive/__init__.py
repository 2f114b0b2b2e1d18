"""The archive: where documents that are not invoices are filed, and under what (G1, G4)."""
