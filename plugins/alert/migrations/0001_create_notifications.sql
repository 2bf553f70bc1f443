-- What alert has told whom. SENDING before the request and SENT after it: a row that stays SENDING was under way when the
-- process ended, and is sent again with the same idempotency key.
CREATE TABLE notifications (
  event_id text COLLATE "C" PRIMARY KEY,
  order_id bigint NOT NULL,
  user_id bigint NOT NULL,
  state text COLLATE "C" NOT NULL CHECK (state IN ('SENDING', 'SENT', 'FAILED')),
  attempts integer NOT NULL CHECK (attempts > 0),
  created_at timestamptz NOT NULL DEFAULT now(),
  sent_at timestamptz,
  CHECK ((state = 'SENT') = (sent_at IS NOT NULL))
);
