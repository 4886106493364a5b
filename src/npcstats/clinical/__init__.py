"""Knowledge of the field as tables and small pure functions; import from the modules."""
