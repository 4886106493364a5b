"""How far the data have come: until when records were entered, and what is left out for its later date."""
