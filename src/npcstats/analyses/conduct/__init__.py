"""The trial's conduct: status, screening, deviations, completeness."""
