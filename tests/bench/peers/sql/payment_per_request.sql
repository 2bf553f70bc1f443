-- pgbench: a payment in a transaction of its own: the same effects as payment, in the same tables.
\set order random(1, 2000000000000)
BEGIN;
INSERT INTO orders (order_id, user_id, amount, currency) VALUES (:order, 7, 12000, 'KRW') ON CONFLICT DO NOTHING;
SELECT status FROM orders WHERE order_id = :order FOR UPDATE;
UPDATE orders SET status = 'PAID', paid_at = now() WHERE order_id = :order;
INSERT INTO gantry_outbox (route, topic, key, value)
  VALUES ('bench', 'none', int8send(:order), convert_to('{"orderId":' || :order || ',"amount":12000}', 'UTF8'));
COMMIT;
