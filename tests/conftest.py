"""Before anything imports numpy: one thread for its arithmetic, as the command line has it."""

from tocsin.threads import single

single()
