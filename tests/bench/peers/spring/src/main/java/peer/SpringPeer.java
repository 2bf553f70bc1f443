package peer;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.springframework.kafka.core.DefaultKafkaConsumerFactory;
import org.springframework.kafka.core.DefaultKafkaProducerFactory;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.kafka.listener.AcknowledgingMessageListener;
import org.springframework.kafka.listener.BatchAcknowledgingMessageListener;
import org.springframework.kafka.listener.ConcurrentMessageListenerContainer;
import org.springframework.kafka.listener.ContainerProperties;
import org.springframework.kafka.listener.DeadLetterPublishingRecoverer;
import org.springframework.kafka.listener.DefaultErrorHandler;
import org.springframework.util.backoff.FixedBackOff;

/**
 * A Spring Kafka consumer with the design document's settings: manual acknowledgement, concurrency 3, polls of 1,000,
 * three retries a second apart, then the dead-letter topic. What it does is in its environment: BOOTSTRAP, TOPIC, GROUP,
 * DLQ, MESSAGES, LISTENER (record, batch), WORK (noop, poison, save), TUNED (1: asynchronous commits, polls of 10,000,
 * fetches of 8 MiB), JDBC. It prints "done FIRST LAST COUNT" (nanoseconds of the monotonic clock) and waits to be ended.
 */
public final class SpringPeer {
  private final AtomicLong first = new AtomicLong();
  private final AtomicLong settled = new AtomicLong();
  private final CountDownLatch done = new CountDownLatch(1);
  private final long messages = Long.parseLong(env("MESSAGES"));
  private final String work = env("WORK");
  private final boolean tuned = env("TUNED").equals("1");
  private final OrderStore store = work.equals("save") ? new OrderStore(env("JDBC"), 10) : null;
  private volatile long last;

  public static void main(String[] arguments) throws Exception {
    SpringPeer peer = new SpringPeer();
    peer.container().start();
    peer.done.await();
    System.out.println("done " + peer.first + " " + peer.last + " " + peer.settled);
    Thread.sleep(Long.MAX_VALUE);
  }

  private ConcurrentMessageListenerContainer<String, String> container() {
    ContainerProperties properties = new ContainerProperties(env("TOPIC"));
    properties.setAckMode(ContainerProperties.AckMode.MANUAL);
    properties.setSyncCommits(!tuned);
    if (env("LISTENER").equals("batch")) {
      properties.setMessageListener(
          (BatchAcknowledgingMessageListener<String, String>)
              (records, acknowledgment) -> {
                begin();
                if (store != null) store.save(records);
                acknowledgment.acknowledge();
                settle(records.size());
              });
    } else {
      properties.setMessageListener(
          (AcknowledgingMessageListener<String, String>)
              (record, acknowledgment) -> {
                begin();
                handle(record);
                acknowledgment.acknowledge();
                settle(1);
              });
    }
    var factory = new DefaultKafkaConsumerFactory<String, String>(consumer());
    var container = new ConcurrentMessageListenerContainer<>(factory, properties);
    container.setConcurrency(3);
    container.setCommonErrorHandler(new DefaultErrorHandler(deadLetters(), new FixedBackOff(1000, 3)));
    return container;
  }

  private void handle(ConsumerRecord<String, String> record) {
    if (store != null) store.save(record);
    if (work.equals("poison") && record.value().startsWith("poison")) throw new IllegalStateException("poison");
  }

  private DeadLetterPublishingRecoverer deadLetters() {
    Map<String, Object> producer = new HashMap<>();
    producer.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, env("BOOTSTRAP"));
    producer.put(ProducerConfig.ACKS_CONFIG, "all");
    producer.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
    producer.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, StringSerializer.class);
    producer.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, StringSerializer.class);
    var template = new KafkaTemplate<>(new DefaultKafkaProducerFactory<String, String>(producer));
    return new DeadLetterPublishingRecoverer(
        template, (record, exception) -> new TopicPartition(env("DLQ"), record.partition())) {
      @Override
      public void accept(
          ConsumerRecord<?, ?> record,
          org.apache.kafka.clients.consumer.Consumer<?, ?> consumer,
          Exception exception) {
        super.accept(record, consumer, exception); // waits for the brokers
        settle(1);
      }
    };
  }

  private Map<String, Object> consumer() {
    Map<String, Object> consumer = new HashMap<>();
    consumer.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, env("BOOTSTRAP"));
    consumer.put(ConsumerConfig.GROUP_ID_CONFIG, env("GROUP"));
    consumer.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    consumer.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    consumer.put(ConsumerConfig.FETCH_MIN_BYTES_CONFIG, 50_000);
    consumer.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, 52_428_800);
    consumer.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, tuned ? 10_000 : 1_000);
    if (tuned) consumer.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, 8 * 1024 * 1024);
    consumer.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, StringDeserializer.class);
    consumer.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, StringDeserializer.class);
    return consumer;
  }

  private void begin() {
    if (first.get() == 0) first.compareAndSet(0, System.nanoTime());
  }

  private void settle(int count) {
    if (settled.addAndGet(count) < messages) return;
    last = System.nanoTime();
    done.countDown();
  }

  private static String env(String name) {
    return System.getenv().getOrDefault(name, "");
  }
}
