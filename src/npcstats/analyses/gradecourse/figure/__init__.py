"""What is drawn of grades over time."""
