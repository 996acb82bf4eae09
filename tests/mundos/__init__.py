"""A month of an empresa, made up: its facturas, what people pay, and the COBs that PMC makes of it, faults and all.

Tests and bench play it. It is no part of the product, as pmc_soap/demo is: it knows what must be found, and a company
that installs the gateway has no use for 50,000 facturas that nobody owes. The same seed makes the same month, factura
by factura: each is made anew whenever it is asked for, so that a big month takes hardly more memory than a small one.
"""
