"""In whom a marker is detected, visit by visit, and when it is no longer."""
