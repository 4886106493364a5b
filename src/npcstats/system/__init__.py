"""The machine: folders, workers, signals, kernels, programs of a trial, functions by name."""
