"""A table with typed columns, written as CSV, as a workbook of Excel or as JSON: row by row, whatever its length."""
