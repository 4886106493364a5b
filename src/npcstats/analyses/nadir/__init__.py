"""How low a marker falls during treatment, when, and who has recovered at later visits."""
