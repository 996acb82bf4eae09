"""The reports that people take to a spreadsheet, as tables: rows that come one by one, whatever their number."""
