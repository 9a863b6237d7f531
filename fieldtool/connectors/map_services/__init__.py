"""Map services: what WMTS and WMS say of themselves, and single pictures. Reading only, no targets."""
