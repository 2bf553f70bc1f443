package peer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Saves OrderCreatedEvents into saved_orders, the table that order-saver fills. One transaction a call. */
final class OrderStore {
  private static final String INSERT =
      "INSERT INTO saved_orders (event_id, order_id, type, user_id, amount, currency, status, occurred_at)"
          + " VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING";

  private final ObjectMapper json = new ObjectMapper();
  private final JdbcTemplate jdbc;
  private final TransactionTemplate transaction;

  OrderStore(String url, int connections) {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(url);
    config.setMaximumPoolSize(connections);
    HikariDataSource source = new HikariDataSource(config);
    jdbc = new JdbcTemplate(source);
    transaction = new TransactionTemplate(new DataSourceTransactionManager(source));
  }

  void save(ConsumerRecord<String, String> record) {
    Object[] row = row(record.value());
    transaction.executeWithoutResult(status -> jdbc.update(INSERT, row));
  }

  void save(List<ConsumerRecord<String, String>> records) {
    List<Object[]> rows = new ArrayList<>(records.size());
    for (ConsumerRecord<String, String> record : records) rows.add(row(record.value()));
    transaction.executeWithoutResult(status -> jdbc.batchUpdate(INSERT, rows));
  }

  private Object[] row(String value) {
    try {
      JsonNode event = json.readTree(value);
      return new Object[] {
        event.get("eventId").asText(), event.get("orderId").asLong(), event.get("type").asText(),
        event.get("userId").asLong(), event.get("amount").asLong(), event.get("currency").asText(),
        event.get("status").asText(), OffsetDateTime.parse(event.get("occurredAt").asText())
      };
    } catch (java.io.IOException e) {
      throw new IllegalArgumentException("not an order event", e);
    }
  }
}
