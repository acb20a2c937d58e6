"""What others may listen to: a hit that was judged a person's, an address that is erased."""

from __future__ import annotations

from django.dispatch import Signal

#: Sent with `sender` (Hit) and `hits`: rows of one PEN, its scope open, in the transaction that keeps them first.
arrived = Signal()

#: Sent with `sender` (Hit) and `hits` (a list of rows of one PEN, its scope open) once for each hit that was judged a
#: person's, in the transaction that says so (`told_at`): what a listener writes there is written exactly once.
judged = Signal()

#: Sent with `sender` (Hit) and `hits` (a list of rows of one PEN, its scope open) whenever they were looked at, in the
#: transaction that writes what is thought of them now; also of those that are a program's, or not settled yet.
weighed = Signal()

#: Sent with `sender` (Addressee), `address` (a text) and `mails` (ids of those that named it), the PEN's scope open,
#: in the transaction in which everything that is known of this address is erased: whoever keeps it elsewhere erases it
#: as well.
erased = Signal()

#: Sent with `sender` (Mail) and `mails` (a list of rows of one PEN, its scope open), in the transaction that deletes
#: their hits: mails that, as is known only now, went to nobody but who does not want to be followed.
quieted = Signal()
