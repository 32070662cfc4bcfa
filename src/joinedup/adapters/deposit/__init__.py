"""The deposit: a gated study as an archive of social science takes it. `deposit_files` gives every file as bytes."""

from joinedup.adapters.deposit.files import deposit_files

__all__ = ["deposit_files"]
