"""Check: is this number valid on a day? Rules apart from reading; words, signing and the address apart from both."""
