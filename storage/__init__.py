"""The memory: tables, transactions and queries. Nothing else in the program speaks SQL."""
