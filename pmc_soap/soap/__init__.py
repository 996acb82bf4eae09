"""The SOAP edge: the contract declared once in Spyne, and how bytes become a message and back."""
