"""What a work is to the driver."""

from dataclasses import dataclass
from typing import Callable


@dataclass(frozen=True)
class Work:
    name: str
    about: str
    run: Callable  # of a Bench; the rows of the table
