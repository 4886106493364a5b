"""What survival, incidence and regression share."""
