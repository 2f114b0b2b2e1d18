"""Who the supplier is: normalising, matching, account trust (E1-E8)."""
