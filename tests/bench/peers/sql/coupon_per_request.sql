-- pgbench: a coupon request in a transaction of its own, as a service without batches does it: the same effects as
-- coupon-request, in the same tables.
\set user random(1, 2000000000000)
BEGIN;
SELECT remaining FROM coupon_types WHERE coupon_id = 1 AND status = 'ACTIVE' AND now() BETWEEN valid_from AND valid_until;
UPDATE coupon_types SET remaining = remaining - 1 WHERE coupon_id = 1 AND remaining > 0 RETURNING stock - remaining AS number, stock \gset
INSERT INTO coupon_requests (coupon_id, user_id, number, stock) VALUES (1, :user, :number, :stock);
INSERT INTO gantry_outbox (route, topic, key, value)
  VALUES ('bench', 'none', int8send(:user), convert_to('{"couponId":1,"userId":' || :user || '}', 'UTF8'));
COMMIT;
