"""One file a kind of work."""

from works import coupons, growth, memory, noop, orders, outbox, payments, poison, slow

ALL = [*noop.WORKS, orders.WORK, slow.WORK, poison.WORK, *coupons.WORKS, payments.WORK, outbox.WORK, memory.WORK,
       growth.WORK]
