"""Every message of the contract, declared once; the WSDLs, the XSD and the codec are made from these classes.

Field order is the wire's: required elements first, then the optional ones (interop.md).
"""
