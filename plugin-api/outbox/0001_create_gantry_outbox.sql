-- Records on their way to Kafka: handlers insert them in their own transactions, the host's relay publishes and deletes
-- them. What each column holds is in gantry/outbox.hpp. One table a database, whatever plugins use it: in
-- gantry_migrations it belongs to "gantry". Later versions only append nullable columns.
CREATE TABLE gantry_outbox (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  kind text COLLATE "C" NOT NULL DEFAULT 'record',
  route text COLLATE "C" NOT NULL,
  topic text COLLATE "C" NOT NULL,
  partition integer CHECK (partition >= 0),
  key bytea,
  value bytea,
  headers bytea,
  created_at timestamptz NOT NULL DEFAULT now(),
  attempts integer NOT NULL DEFAULT 0,
  last_error text,
  held boolean NOT NULL DEFAULT false
) WITH (
  -- Every row is deleted soon: what counts is how many dead ones lie around, not which share of the table they are.
  autovacuum_vacuum_scale_factor = 0,
  autovacuum_vacuum_threshold = 5000
);
