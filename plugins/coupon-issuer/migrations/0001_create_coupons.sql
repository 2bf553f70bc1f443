-- Coupon types are inserted by whoever plans a campaign; only id, name, stock and remaining have to be said. To enlarge a
-- campaign raise stock and remaining by the same number, in one statement.
CREATE TABLE coupon_types (
  coupon_id bigint PRIMARY KEY,
  stock bigint NOT NULL CHECK (stock >= 0),
  remaining bigint NOT NULL CHECK (remaining BETWEEN 0 AND stock),
  valid_from timestamptz NOT NULL DEFAULT '-infinity', -- may be asked for, and coupons used, from here
  valid_until timestamptz NOT NULL DEFAULT 'infinity', -- to here, by the clock of this database
  name text NOT NULL,
  status text COLLATE "C" NOT NULL DEFAULT 'ACTIVE' CHECK (status IN ('ACTIVE', 'SUSPENDED', 'CLOSED')),
  CHECK (valid_from < valid_until),
  UNIQUE (coupon_id, stock)
);

-- Who has one of the stock. It carries the stock itself, kept equal to the type's by the foreign key, so that a plain
-- constraint holds `number` below it: no bug in any handler can give out more than there is.
CREATE TABLE coupon_requests (
  coupon_id bigint NOT NULL,
  user_id bigint NOT NULL,
  number bigint NOT NULL,
  stock bigint NOT NULL,
  requested_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (coupon_id, user_id),
  UNIQUE (coupon_id, number),
  CHECK (number BETWEEN 1 AND stock),
  FOREIGN KEY (coupon_id, stock) REFERENCES coupon_types (coupon_id, stock) ON UPDATE CASCADE
);

CREATE TABLE coupons (
  coupon_id bigint NOT NULL,
  user_id bigint NOT NULL,
  issued_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz, -- NULL: never
  status text COLLATE "C" NOT NULL DEFAULT 'ISSUED' CHECK (status IN ('ISSUED', 'USED', 'EXPIRED', 'REVOKED')),
  PRIMARY KEY (coupon_id, user_id),
  FOREIGN KEY (coupon_id, user_id) REFERENCES coupon_requests (coupon_id, user_id)
);
