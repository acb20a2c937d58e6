"""What a mail that came back says: whom it is of, hard or soft, by which code; and the address it comes back to.

Bytes in, words out (contract/delivery.md §4, §5). Whether to believe it is the reader's to decide: anyone may write a
report, and only the address it came to (`returning`) shows that it is of a mail of ours.
"""

from stationer.bounces.reports import Failed, Report, read
from stationer.bounces.returning import Returning
from stationer.bounces.status import Kind, kind_of, status_of

__all__ = ["Failed", "Kind", "Report", "Returning", "kind_of", "read", "status_of"]
