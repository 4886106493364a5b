"""A meeting of the monitoring board: one folder, made once, never overwritten, and proved afterwards."""
