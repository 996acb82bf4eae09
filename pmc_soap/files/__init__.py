"""PMC's batch files, each record a table of fields: FAC in and out."""
