"""What we know and decide: rules, words and reports. No network, no SQL, no clock of its own."""
