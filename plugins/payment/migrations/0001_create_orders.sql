-- What payment changes: PENDING orders become PAID. Whoever takes orders inserts them here; further states are theirs
-- (CANCELLED, SHIPPED, …), and none of them can be paid.
CREATE TABLE orders (
  order_id bigint PRIMARY KEY,
  user_id bigint NOT NULL,
  amount bigint NOT NULL CHECK (amount > 0), -- in the currency's minor unit
  created_at timestamptz NOT NULL DEFAULT now(),
  paid_at timestamptz,
  currency text COLLATE "C" NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
  status text COLLATE "C" NOT NULL DEFAULT 'PENDING' CHECK (status ~ '^[A-Z_]{1,32}$'),
  CHECK (status <> 'PAID' OR paid_at IS NOT NULL)
);
