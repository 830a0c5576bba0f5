import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler;
import org.apache.kafka.streams.state.Stores;

/**
 * The stateful services as one Kafka Streams job: same topics, records, bytes and states, exactly
 * once, in one virtual machine; no decisions.
 *
 * <pre>
 * StreamsPeer BROKERS APPLICATION-ID THREADS STATE-FOLDER PASSES HOP...
 *   HOP: name:input=RECORDS[,input=RECORDS]:state=RECORDS/BYTES:[topic=RECORDS/BYTES[,...]]
 * </pre>
 *
 * "running" on stdout when the partitions are there. Then, each time that all of the RECORDS have
 * gone through, a line of JSON: when the first event of this pass was published, and when the last
 * output was handed to the producer. It ends after so many passes.
 */
public final class StreamsPeer {
    private static final int POLL_MS = 5;

    private static Hop.Amount amount(String text) {
        String[] words = text.split("[=/]");
        return new Hop.Amount(words[0], Long.parseLong(words[1]), Long.parseLong(words[2]));
    }

    private static Hop.Plan plan(String text) {
        String[] words = text.split(":", -1);
        List<String> inputs = new ArrayList<>();
        List<Hop.Amount> outputs = new ArrayList<>();
        long expected = 0;
        for (String input : words[1].split(",")) {
            inputs.add(input.split("=")[0]);
            expected += Long.parseLong(input.split("=")[1]);
        }
        for (String output : words[3].split(",")) {
            if (!output.isEmpty()) {
                outputs.add(amount(output));
            }
        }
        return new Hop.Plan(words[0], inputs, expected, amount(words[2]), outputs);
    }

    /** A topic is read by one source, whoever wants it: Kafka Streams refuses a second one. */
    private static Topology topology(List<Hop.Plan> plans) {
        Topology topology = new Topology();
        Set<String> sources = new HashSet<>();
        for (Hop.Plan plan : plans) {
            for (String input : plan.inputs) {
                if (sources.add(input)) {
                    topology.addSource(input, new ByteArrayDeserializer(),
                            new ByteArrayDeserializer(), input);
                }
            }
            topology.addProcessor(plan.name, () -> new Hop(plan),
                    plan.inputs.toArray(String[]::new));
            topology.addStateStore(Stores.keyValueStoreBuilder(
                    Stores.inMemoryKeyValueStore(plan.state.name()), Serdes.ByteArray(),
                    Serdes.ByteArray()).withCachingDisabled().withLoggingEnabled(Map.of()),
                    plan.name);
            for (int i = 0; i < plan.outputs.size(); i++) {
                topology.addSink(plan.sinkOf(i), plan.outputs.get(i).name(),
                        new ByteArraySerializer(), new ByteArraySerializer(), plan.name);
            }
        }
        return topology;
    }

    private static Properties settings(String[] arguments) {
        Properties settings = new Properties();
        settings.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, arguments[0]);
        settings.put(StreamsConfig.APPLICATION_ID_CONFIG, arguments[1]);
        settings.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, arguments[2]);
        settings.put(StreamsConfig.STATE_DIR_CONFIG, arguments[3]);
        settings.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        settings.put(StreamsConfig.REPLICATION_FACTOR_CONFIG, "1");
        settings.put(StreamsConfig.producerPrefix(ProducerConfig.COMPRESSION_TYPE_CONFIG), "lz4");
        settings.put(StreamsConfig.producerPrefix(ProducerConfig.LINGER_MS_CONFIG), "100");
        settings.put(StreamsConfig.consumerPrefix(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG),
                "earliest");
        return settings;
    }

    /** What of a topic has been written, by whoever writes it; the events come from outside. */
    private static boolean isDone(List<Hop.Plan> plans, int passes) {
        Map<String, Long> written = new HashMap<>();
        for (Hop.Plan plan : plans) {
            long expected = plan.expected * passes;
            if (plan.inputs.stream().anyMatch(written::containsKey)) {
                // Each task rounds by itself what it writes: what was really written counts.
                expected = plan.inputs.stream().mapToLong(x -> written.getOrDefault(x, 0L)).sum();
            }
            if (plan.read.get() < expected) {
                return false;
            }
            for (Hop.Amount output : plan.outputs) {
                // Only hops with one output are read by others.
                written.merge(output.name(), plan.written.get(), Long::sum);
            }
        }
        return true;
    }

    private static void awaitPass(List<Hop.Plan> plans, int pass) throws InterruptedException {
        while (!isDone(plans, pass)) {
            Thread.sleep(POLL_MS);
        }
        long firstMs = plans.get(0).firstMs.getAndSet(Long.MAX_VALUE);
        long lastMs = plans.stream().mapToLong(plan -> plan.lastMs).max().orElseThrow();
        long records = plans.stream().mapToLong(plan -> plan.written.get()).sum();
        System.out.printf("{\"pass\":%d,\"first_ms\":%d,\"last_ms\":%d,\"written\":%d}%n", pass,
                firstMs, lastMs, records);
    }

    public static void main(String[] arguments) throws InterruptedException {
        int passes = Integer.parseInt(arguments[4]);
        List<Hop.Plan> plans = new ArrayList<>();
        for (int i = 5; i < arguments.length; i++) {
            plans.add(plan(arguments[i]));
        }
        CountDownLatch running = new CountDownLatch(1);
        try (KafkaStreams streams = new KafkaStreams(topology(plans), settings(arguments))) {
            streams.setUncaughtExceptionHandler(error -> {
                error.printStackTrace();
                return StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse
                        .SHUTDOWN_APPLICATION;
            });
            streams.setStateListener((now, before) -> {
                if (now == KafkaStreams.State.RUNNING) {
                    running.countDown();
                } else if (now == KafkaStreams.State.ERROR) {
                    Runtime.getRuntime().halt(111);
                }
            });
            streams.start();
            running.await();
            System.out.println("running");
            for (int pass = 1; pass <= passes; pass++) {
                awaitPass(plans, pass);
            }
        }
    }

    private StreamsPeer() {}
}
