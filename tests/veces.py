"""How often what is tried at random is tried: PMC_VECES times as often by make gate as in the suite."""

import os

VECES = int(os.environ.get("PMC_VECES", "1"))
