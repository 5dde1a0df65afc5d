"""The same results on other engines; each test is skipped where its engine is not installed (`make engines`)."""
