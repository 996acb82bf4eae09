"""The pages and probes that are not SOAP."""
