import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * What one service does for Kafka and for its state, without the decision: each record reads its
 * customer's state and, spread evenly, as many states and outputs are written as the real service
 * wrote, of as many bytes. Each task (a partition) has one of its own.
 */
final class Hop implements Processor<byte[], byte[], byte[], byte[]> {
    /** So many records of so many bytes in all, for so many that are read. */
    record Amount(String name, long records, long bytes) {
        int each() {
            return records == 0 ? 0 : (int) (bytes / records);
        }
    }

    /** What is the same for all tasks of a hop; the counts are over all of them. */
    static final class Plan {
        final String name;
        final List<String> inputs;
        final long expected;
        final Amount state;
        final List<Amount> outputs;
        final AtomicLong read = new AtomicLong();
        final AtomicLong written = new AtomicLong();
        final AtomicLong firstMs = new AtomicLong(Long.MAX_VALUE);
        volatile long lastMs;

        Plan(String name, List<String> inputs, long expected, Amount state, List<Amount> outputs) {
            this.name = name;
            this.inputs = inputs;
            this.expected = expected;
            this.state = state;
            this.outputs = outputs;
        }

        String sinkOf(int output) {
            return name + "-to-" + outputs.get(output).name();
        }
    }

    private final Plan plan;
    private final double[] due;
    private double stateDue;
    private ProcessorContext<byte[], byte[]> context;
    private KeyValueStore<byte[], byte[]> store;
    /** Read so that the virtual machine may not leave the reading out. */
    private long stateBytesSeen;

    Hop(Plan plan) {
        this.plan = plan;
        this.due = new double[plan.outputs.size()];
    }

    @Override
    public void init(ProcessorContext<byte[], byte[]> context) {
        this.context = context;
        this.store = context.getStateStore(plan.state.name());
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        if (record.value() == null) {
            return; // a tick
        }
        byte[] state = store.get(record.key());
        stateBytesSeen += state == null ? 0 : state.length;
        stateDue += (double) plan.state.records() / plan.expected;
        for (; stateDue >= 1; stateDue--) {
            store.put(record.key(), fill(record.value(), plan.state.each()));
        }
        for (int i = 0; i < due.length; i++) {
            Amount output = plan.outputs.get(i);
            for (due[i] += (double) output.records() / plan.expected; due[i] >= 1; due[i]--) {
                plan.lastMs = System.currentTimeMillis();
                context.forward(new Record<>(record.key(), fill(record.value(), output.each()),
                        plan.lastMs), plan.sinkOf(i));
                plan.written.incrementAndGet();
            }
        }
        plan.firstMs.accumulateAndGet(record.timestamp(), Math::min);
        plan.read.incrementAndGet();
    }

    /** Bytes that are no easier to compress than the real ones: the input's, again and again. */
    private static byte[] fill(byte[] from, int length) {
        byte[] bytes = Arrays.copyOf(from, length);
        for (int have = from.length; have > 0 && have < length; have += from.length) {
            System.arraycopy(from, 0, bytes, have, Math.min(from.length, length - have));
        }
        return bytes;
    }
}
