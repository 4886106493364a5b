"""The treatment that was delivered."""
