"""Other inserters as commands, as a competent administrator would set each up: what docs/conformance.md compares.

Each is `python -m stationer.conformance.peers.NAME`: a mail on standard input, the mail with the suite's block on
standard output. A new one is a module of some thirty lines; nothing in the suite knows them.
"""
