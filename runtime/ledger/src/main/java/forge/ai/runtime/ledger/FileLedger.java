package forge.ai.runtime.ledger;

import forge.ai.api.InternalException;
import forge.ai.api.InvalidRequestException;
import forge.ai.api.llm.UsageEntry;
import forge.ai.api.llm.UsageFilter;
import forge.ai.api.llm.UsageLedger;
import forge.ai.api.llm.UsageTotal;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The ledger, in {@code data/ledger} of the home folder. */
@Component(service = UsageLedger.class, immediate = true, configurationPid = FileLedger.PID)
@Designate(ocd = FileLedger.Config.class)
public final class FileLedger implements UsageLedger {

    static final String PID = "forge.ai.ledger";

    private static final Logger LOG = LoggerFactory.getLogger(FileLedger.class);
    private static final Duration LOOK = Duration.ofMillis(100);
    private static final int MOST = 10_000;

    @ObjectClassDefinition(name = "Usage ledger", description = "What every attempt took, and how long that is kept")
    public @interface Config {
        @AttributeDefinition(description = "how many days entries are kept")
        int entryDays() default 30;

        @AttributeDefinition(description = "how many days the sums of a day are kept, at least as many")
        int sumDays() default 400;

        @AttributeDefinition(description = "the most that entries take on the disk, in MiB; the oldest go first")
        int maxMegabytes() default 1024;

        @AttributeDefinition(
                description = "how often what was written is brought to the disk, for a power failure to lose no more;"
                        + " 0: when the system likes")
        long syncMillis() default 1000;
    }

    private final Books books;
    private final ScheduledExecutorService clock;
    private volatile Settings settings;
    private long synced = System.nanoTime();

    @Activate
    public FileLedger(BundleContext context, Config config) throws IOException {
        settings = Settings.of(config);
        String home = context.getProperty("forge.home");
        Path folder = home == null
                ? context.getDataFile("ledger").toPath()
                : Path.of(home).resolve("data").resolve("ledger");
        books = new Books(folder, () -> settings, InstantSource.system());
        books.prune();
        clock = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name("forge-ledger").factory());
        clock.scheduleWithFixedDelay(this::sync, LOOK.toMillis(), LOOK.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** A wrong change is refused and logged; what held before goes on. */
    @Modified
    void modified(Config config) {
        try {
            settings = Settings.of(config);
        } catch (IllegalArgumentException e) {
            LOG.error("{}; the settings stay as they were", e.getMessage());
        }
    }

    private void sync() {
        Duration every = settings.sync();
        if (every.isZero() || System.nanoTime() - synced < every.toNanos()) {
            return;
        }
        synced = System.nanoTime();
        try {
            books.sync();
        } catch (IOException e) {
            LOG.error("the ledger could not be brought to the disk: {}", e.getMessage());
        }
    }

    @Deactivate
    void close() throws IOException {
        clock.shutdown();
        books.close();
    }

    @Override
    public void book(UsageEntry entry) {
        books.book(entry);
    }

    @Override
    public List<UsageEntry> entries(UsageFilter filter, int most) {
        if (most < 1 || most > MOST) {
            throw new InvalidRequestException("most = " + most + ": allowed is 1 to " + MOST);
        }
        try {
            return books.entries(filter, most);
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    @Override
    public List<UsageTotal> totals(UsageFilter filter) {
        try {
            return books.totals(filter);
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    private static InternalException unreadable(IOException cause) {
        return new InternalException("the ledger cannot be read: " + cause.getMessage());
    }
}
