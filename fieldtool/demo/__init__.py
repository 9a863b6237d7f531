"""The demonstration: what it is about, what stands on the table, the other side, and how it is played."""
