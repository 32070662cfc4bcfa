"""The texts strand: passages, codes, codings, and what they say."""

from joinedup.texts.carrying import CarriedOver, carry_over

__all__ = ["CarriedOver", "carry_over"]
