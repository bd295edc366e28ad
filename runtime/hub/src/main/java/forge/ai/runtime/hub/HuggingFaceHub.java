package forge.ai.runtime.hub;

import forge.ai.api.CancelledException;
import forge.ai.api.ForgeException;
import forge.ai.api.ResourceExhaustedException;
import forge.ai.api.UnavailableException;
import forge.ai.api.llm.PullProgress;
import forge.ai.api.model.HubPull;
import forge.ai.api.model.ModelHub;
import forge.ai.api.model.ModelRegistry;
import forge.ai.api.model.PulledModel;
import forge.ai.runtime.support.http.HttpStream;
import forge.ai.runtime.support.http.HttpUpstream;
import forge.ai.runtime.support.lease.CallGate;
import forge.ai.runtime.support.thread.CallThreads;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.function.Consumer;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.AttributeType;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The Hugging Face Hub, or another server with its interface. Nothing is asked of it unless somebody pulls. A bundle that
 * stops gives pulls up; what has come of them is kept.
 */
@Component(configurationPid = HuggingFaceHub.PID, property = ModelHub.SCHEME + "=hf", immediate = true)
@Designate(ocd = HuggingFaceHub.Config.class)
public final class HuggingFaceHub implements ModelHub {

    static final String PID = "forge.ai.hub";

    private static final Logger LOG = LoggerFactory.getLogger(HuggingFaceHub.class);

    /** How long pulls have to notice that they are given up. */
    private static final Duration LAST_STEPS = Duration.ofSeconds(10);

    /** The most bytes of a list. */
    private static final long MOST_LISTED = 64L << 20;

    /** Its configuration. */
    @ObjectClassDefinition(name = "Forge AI hub", description = "Where ai:pull hf:OWNER/MODEL gets models from")
    public @interface Config {
        @AttributeDefinition(description = "address of the hub")
        String url() default "https://huggingface.co";

        @AttributeDefinition(
                description = "the access token, for models that are private or gated",
                type = AttributeType.PASSWORD)
        String token() default "";

        @AttributeDefinition(description = "the longest wait for a connection; 0 for no limit")
        long connectTimeoutMillis() default 10_000;

        @AttributeDefinition(description = "the longest wait for an answer, or for more of a file; 0 for no limit")
        long idleTimeoutMillis() default 60_000;

        @AttributeDefinition(description = "the most bytes of a model; larger ones are refused before anything comes")
        long maxBytes() default 50_000_000_000L;

        @AttributeDefinition(description = "bytes that stay free on the disk")
        long minFreeBytes() default 1_000_000_000L;

        @AttributeDefinition(description = "the most pulls at a time")
        int parallel() default 2;

        @AttributeDefinition(description = "the most attempts in a row that bring nothing of a file")
        int retries() default 5;
    }

    private final ModelRegistry registry;
    /** One for each pull: what it takes is not loaded before somebody pulls. */
    private final Set<HttpUpstream> upstreams = ConcurrentHashMap.newKeySet();

    private final ExecutorService threads = new CallThreads("hub-");
    private final CallGate gate = new CallGate();
    private final CountDownLatch stopped = new CountDownLatch(1);
    private volatile Settings settings;

    @Activate
    public HuggingFaceHub(@Reference ModelRegistry registry, Config config) {
        this.registry = registry;
        this.settings = Settings.of(config);
    }

    /** Values that are refused leave the old ones in force. */
    @Modified
    void modified(Config config) {
        try {
            settings = Settings.of(config);
        } catch (ForgeException e) {
            LOG.error("{}; the configuration before stays in force", e.getMessage());
        }
    }

    @Deactivate
    void close() {
        stopped.countDown();
        gate.close();
        upstreams.forEach(HttpUpstream::close);
        gate.awaitIdle(LAST_STEPS);
        threads.close();
    }

    @Override
    public PulledModel pull(HubPull pull, Consumer<PullProgress> listener) {
        if (!gate.enter()) {
            throw new UnavailableException("the hub's bundle is being stopped");
        }
        try {
            Settings now = settings;
            if (gate.inside() > now.parallel()) {
                throw new ResourceExhaustedException(
                        now.parallel() + " models are being pulled, and no more at a time (parallel of " + PID + ")");
            }
            PulledModel pulled = pull(pull, now, new Progress(listener));
            LOG.info(
                    "{} {}: version {}, {} bytes came",
                    pulled.name(),
                    pulled.changed() ? "pulled" : "is as before",
                    pulled.version(),
                    pulled.downloadedBytes());
            return pulled;
        } catch (IOException e) {
            ResourceExhaustedException full =
                    new ResourceExhaustedException("cannot write to the repository of models: " + e.getMessage());
            full.initCause(e);
            throw full;
        } finally {
            gate.leave();
        }
    }

    private PulledModel pull(HubPull pull, Settings now, Progress progress) throws IOException {
        HttpUpstream upstream = new HttpUpstream(Duration.ZERO, MOST_LISTED);
        upstreams.add(upstream);
        try (upstream) {
            if (stopped.getCount() == 0) {
                throw new UnavailableException("the hub's bundle is being stopped");
            }
            HubClient client = new HubClient(upstream, now, pull.repository());
            Patience patience = new Patience(now.retries(), stopped);
            return new Pull(pull, now, client, patience, this::read, progress, registry.repository()).run();
        } finally {
            upstreams.remove(upstream);
        }
    }

    /** In a thread of its own, because the caller's may be of a kind whose reading cannot be interrupted. */
    private int read(HttpStream stream, byte[] buffer) {
        stream.limit(settings.idle());
        try {
            return threads.submit(() -> stream.read(buffer)).get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancelledException("the pull was cancelled; what has come is kept");
        } catch (ExecutionException e) {
            throw switch (e.getCause()) {
                case ForgeException known -> known;
                default -> new IllegalStateException(e.getCause());
            };
        }
    }
}
