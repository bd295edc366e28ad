package forge.ai.runtime.models;

import forge.ai.api.Cancellation;
import forge.ai.api.InternalException;
import forge.ai.api.InvalidRequestException;
import forge.ai.api.model.LoadedModel;
import forge.ai.api.model.ModelBackend;
import forge.ai.api.model.ModelSignature;
import forge.ai.api.model.ModelSource;
import forge.ai.api.tensor.DataType;
import forge.ai.api.tensor.Tensor;
import forge.ai.api.tensor.TensorSpec;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;

/** Adds the number in the file {@code model.number}; fails when it is used after it was closed. */
public final class NumberBackend implements ModelBackend, BundleActivator {

    final AtomicInteger open = new AtomicInteger();
    final List<String> read = new CopyOnWriteArrayList<>();
    final AtomicInteger active = new AtomicInteger();
    final AtomicInteger attempts = new AtomicInteger();
    final AtomicInteger most = new AtomicInteger();
    final AtomicInteger runs = new AtomicInteger();
    final Set<Integer> threads = ConcurrentHashMap.newKeySet();
    volatile boolean stuck;
    volatile boolean refuses;

    static Map<String, Object> properties(long id) {
        return Map.of(
                ModelBackend.NAME,
                "number",
                ModelBackend.FILES,
                new String[] {"model.number", "model.a+model.b"},
                Constants.SERVICE_ID,
                id);
    }

    @Override
    public void start(BundleContext context) {
        context.registerService(
                ModelBackend.class,
                this,
                new Hashtable<>(Map.of(ModelBackend.NAME, "number", ModelBackend.FILES, "model.number")));
    }

    @Override
    public void stop(BundleContext context) {
        if (open.get() != 0) {
            throw new IllegalStateException(open + " models were not closed");
        }
    }

    @Override
    public LoadedModel load(ModelSource source) {
        attempts.incrementAndGet();
        most.accumulateAndGet(active.incrementAndGet(), Math::max);
        try {
            while (stuck && !Thread.currentThread().isInterrupted()) {
                LockSupport.parkNanos(1_000_000);
            }
            if (refuses) {
                throw new InvalidRequestException("refused");
            }
            String text = Files.readString(source.folder().resolve("model.number"));
            read.add(text);
            threads.add(source.threads());
            LoadedModel model = new Sum(Float.parseFloat(text.strip()), open, runs);
            open.incrementAndGet();
            return model;
        } catch (IOException | NumberFormatException e) {
            throw new InvalidRequestException("model.number must hold a number");
        } finally {
            active.decrementAndGet();
        }
    }

    private static final class Sum implements LoadedModel {

        private final float number;
        private final AtomicInteger open;
        private final AtomicInteger runs;
        private final AtomicBoolean closed = new AtomicBoolean();

        Sum(float number, AtomicInteger open, AtomicInteger runs) {
            this.number = number;
            this.open = open;
            this.runs = runs;
        }

        @Override
        public ModelSignature signature() {
            return new ModelSignature(
                    List.of(new TensorSpec("x", DataType.FP32, -1)),
                    List.of(new TensorSpec("y", DataType.FP32, -1)),
                    true,
                    Map.of());
        }

        @Override
        public Map<String, Tensor> run(Map<String, Tensor> inputs, Set<String> outputs, Cancellation cancellation) {
            runs.incrementAndGet();
            float[] values = inputs.get("x").toFloats();
            for (int i = 0; i < values.length; i++) {
                values[i] += number;
            }
            if (closed.get()) {
                throw new InternalException("used after it was closed");
            }
            // On the heap: a tight loop makes direct buffers faster than they are collected.
            ByteBuffer sums = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
            sums.asFloatBuffer().put(values);
            return Map.of("y", Tensor.of(DataType.FP32, new long[] {values.length}, sums));
        }

        @Override
        public void close() {
            if (closed.compareAndSet(false, true)) {
                open.decrementAndGet();
            }
        }
    }
}
