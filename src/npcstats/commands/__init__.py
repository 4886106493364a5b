"""What the commands do, a module for those that load the same: values in, lines of text out."""
