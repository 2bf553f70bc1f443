-- What order-saver writes. Fixed-width columns first, and byte order ("C") for what nobody sorts by language: half the
-- cost of an insertion is comparing keys.
CREATE TABLE saved_orders (
  order_id bigint NOT NULL,
  user_id bigint NOT NULL,
  amount bigint NOT NULL CHECK (amount > 0), -- in the currency's minor unit
  occurred_at timestamptz NOT NULL,
  saved_at timestamptz NOT NULL DEFAULT now(),
  event_id text COLLATE "C" PRIMARY KEY,
  type text COLLATE "C" NOT NULL,
  currency text COLLATE "C" NOT NULL,
  status text COLLATE "C" NOT NULL,
  UNIQUE (order_id, type)
);
