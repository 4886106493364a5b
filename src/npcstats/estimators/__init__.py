"""Statistical estimators: arrays in, frozen results out; import from the modules."""
