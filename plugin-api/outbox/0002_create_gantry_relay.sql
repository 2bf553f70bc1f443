-- Who relays this database's gantry_outbox, one row at most. The next host to do so reads here whether the one before it
-- ended in order: if not, that host's last records may still be on their way, and are waited for.
CREATE TABLE gantry_relay (
  singleton boolean PRIMARY KEY DEFAULT true CHECK (singleton),
  host text NOT NULL,
  process text NOT NULL,
  since timestamptz NOT NULL DEFAULT now(),
  released boolean NOT NULL DEFAULT false
);
