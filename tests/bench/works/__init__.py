"""One file a kind of work."""

from works import noop, orders, poison, slow

ALL = [*noop.WORKS, orders.WORK, slow.WORK, poison.WORK]
