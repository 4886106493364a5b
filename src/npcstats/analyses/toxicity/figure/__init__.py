"""What is drawn of adverse events."""
