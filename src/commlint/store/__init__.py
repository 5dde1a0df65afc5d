"""The only stage that touches the disk: configuration, discovery, library models, rule packs, cache."""
