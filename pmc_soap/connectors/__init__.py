"""The empresa's own systems: asked for a debt (Sistema), or brought what they are owed (Destino). One module a kind."""
