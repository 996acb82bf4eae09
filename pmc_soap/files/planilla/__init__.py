"""A spreadsheet of facturas, CSV or XLSX: its columns, reading it (with every problem told), writing it."""
