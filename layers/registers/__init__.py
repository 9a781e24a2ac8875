"""The registers: tables, invariants and date rules, one file per subject."""
