"""The company's side of PagoMisCuentas."""

__version__ = "0.1.0"
