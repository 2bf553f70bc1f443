-- Quotes, dollar quotes, backslashes and other alphabets have to survive: "a" 'b' $$c$$ \n )" 주문 [x]; ${d}
CREATE TABLE audits (id bigint PRIMARY KEY, note text DEFAULT 'it''s');
