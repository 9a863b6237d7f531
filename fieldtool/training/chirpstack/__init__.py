"""ChirpStack v4, from the other side: its gRPC interface on the official servicer classes."""
