"""Rules by which declared toxicities call for a pause, and where each stands."""
