-- pgbench: 200 coupon requests in one statement and transaction, with no look at who has one already: the limit of SQL for
-- the effects of coupon-request, in the same tables.
\set base random(1, 10000000000) * 200
WITH taken AS (
  UPDATE coupon_types SET remaining = remaining - 200 WHERE coupon_id = 1 AND remaining >= 200
  RETURNING stock, stock - remaining - 200 AS before
), requested AS (
  INSERT INTO coupon_requests (coupon_id, user_id, number, stock)
  SELECT 1, :base::bigint + n, before + n, stock FROM taken, generate_series(1, 200) AS n RETURNING user_id
)
INSERT INTO gantry_outbox (route, topic, key, value)
SELECT 'bench', 'none', int8send(user_id), convert_to('{"couponId":1,"userId":' || user_id || '}', 'UTF8') FROM requested;
