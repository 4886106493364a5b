"""What missing values of markers would have to be to change a contrast of arms."""
