"""What the templates show: frozen values made from records, so that templates only lay out."""
