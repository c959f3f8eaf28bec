"""How well the filter knows spam: `make bench-filter`, from labelled comments kept elsewhere."""
