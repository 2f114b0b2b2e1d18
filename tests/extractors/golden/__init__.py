"""Golden cases: invented invoices in the manner of many billing programs, by language."""
