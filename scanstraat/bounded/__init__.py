"""Bytes from outside are handled in processes with limits on memory, time and output; the service outlives any file.

`Child` runs one of our functions in a process of its own, forked off a warm one; `run_program` runs an external program.
"""

from scanstraat.bounded.child import Child
from scanstraat.bounded.limits import Limits
from scanstraat.bounded.program import run_program
from scanstraat.bounded.steady import SteadyChild

__all__ = ["Child", "Limits", "SteadyChild", "run_program"]
