"""Name servers, certificates and MTA-STS policies, asked for what a book of `repute` lacks. It judges nothing.

Every question has an answer in bounded time; silence is an answer too (`failed`).
"""

from stationer.lookup.asking import Asker

__all__ = ["Asker"]
