package forge.ai.runtime.ledger;

import forge.ai.api.llm.UsageEntry;
import forge.ai.api.llm.UsageFilter;
import forge.ai.api.llm.UsageTotal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The folder of the ledger: entries in files that are appended to, and the sums of each day. Booking costs one write to
 * the operating system; what is asked for is read from the sums, and from entries only for parts of a day.
 */
final class Books implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Books.class);
    /** The most entries that wait for a disk which takes no more. */
    private static final int WAITING = 10_000;

    private final Path folder;
    private final Supplier<Settings> settings;
    private final InstantSource clock;
    private final ReentrantLock lock = new ReentrantLock();
    private final NavigableMap<LocalDate, DaySums> days;
    private final ArrayDeque<UsageEntry> waiting = new ArrayDeque<>();
    private EntryFile current;
    private RecordFile file;
    private long lastId;
    private boolean dirty;

    Books(Path folder, Supplier<Settings> settings, InstantSource clock) throws IOException {
        this.folder = Files.createDirectories(folder);
        this.settings = settings;
        this.clock = clock;
        this.days = SumsFile.readAll(folder);
        long end = 0;
        List<EntryFile> files = EntryFile.list(folder);
        for (EntryFile each : files) {
            end = recover(each);
        }
        days.values().forEach(day -> lastId = Math.max(lastId, day.lastId()));
        current = files.isEmpty() ? EntryFile.of(folder, today(), 1) : files.getLast();
        keepDamaged(current, end);
        file = RecordFile.open(current.path(), end);
    }

    /** Adds what is not in the sums yet; says where the last whole record ends. */
    private long recover(EntryFile each) throws IOException {
        DaySums day = days.computeIfAbsent(each.day(), d -> new DaySums());
        boolean known = each.number() <= day.through();
        return RecordFile.scan(each.path(), Long.MAX_VALUE, record -> {
            if (!known) {
                day.add(Rows.read(record));
            }
        });
    }

    /** What cannot be read is put aside, for somebody to look at. */
    private static void keepDamaged(EntryFile each, long end) throws IOException {
        if (Files.exists(each.path()) && Files.size(each.path()) > end) {
            Path aside = each.path().resolveSibling(each.path().getFileName() + ".damaged");
            Files.copy(each.path(), aside, StandardCopyOption.REPLACE_EXISTING);
            LOG.warn(
                    "the last {} bytes of {} are not a whole entry; the file as it was is kept as {}",
                    Files.size(each.path()) - end,
                    each.path(),
                    aside.getFileName());
        }
    }

    private LocalDate today() {
        return LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
    }

    /** Enters an attempt; gives it its number and its time. */
    void book(UsageEntry entry) {
        lock.lock();
        try {
            UsageEntry booked = entry.booked(++lastId, clock.instant());
            turn();
            days.computeIfAbsent(current.day(), day -> new DaySums()).add(booked);
            waiting.add(booked);
            write();
        } finally {
            lock.unlock();
        }
    }

    private void write() {
        try {
            while (!waiting.isEmpty()) {
                file.append(Rows.write(waiting.getFirst()));
                waiting.removeFirst();
                dirty = true;
            }
        } catch (IOException e) {
            if (waiting.size() > WAITING) {
                UsageEntry lost = waiting.removeFirst();
                LOG.error("entry {} is lost, only its sum is kept: {}", lost.id(), e.getMessage());
            } else if (waiting.size() == 1) {
                LOG.error("entries cannot be written to {} and wait in memory: {}", current.path(), e.getMessage());
            }
        }
    }

    /** Begins a new file with a new day, or when the present one is large enough. */
    private void turn() {
        LocalDate today = today();
        boolean newDay = today.isAfter(current.day());
        if (!newDay && file.size() < settings.get().fileBytes() || !waiting.isEmpty()) {
            return;
        }
        EntryFile next = EntryFile.of(folder, newDay ? today : current.day(), newDay ? 1 : current.number() + 1);
        try {
            RecordFile opened = RecordFile.open(next.path(), 0);
            try {
                close(current);
            } catch (IOException e) {
                opened.close();
                throw e;
            }
            current = next;
            file = opened;
            prune();
        } catch (IOException e) {
            LOG.error("no new file of entries could be begun, {} goes on: {}", current.path(), e.getMessage());
        }
    }

    private void close(EntryFile full) throws IOException {
        file.sync();
        DaySums day = days.get(full.day());
        if (day != null) {
            day.write(SumsFile.path(folder, full.day()), full.number());
        }
        file.close();
    }

    /** Deletes what is older, or more, than is to be kept. */
    void prune() throws IOException {
        lock.lock();
        try {
            Settings keep = settings.get();
            LocalDate today = today();
            List<EntryFile> files = new ArrayList<>(EntryFile.list(folder));
            long bytes = 0;
            for (EntryFile each : files) {
                bytes += Files.size(each.path());
            }
            for (EntryFile each : files) {
                boolean old = each.day().isBefore(today.minusDays(keep.entryDays()));
                if (each.equals(current) || !old && bytes <= keep.maxBytes() || !summed(each)) {
                    break;
                }
                bytes -= Files.size(each.path());
                Files.delete(each.path());
            }
            while (!days.isEmpty() && days.firstKey().isBefore(today.minusDays(keep.sumDays()))) {
                Files.deleteIfExists(SumsFile.path(folder, days.firstKey()));
                days.pollFirstEntry();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Whether the sums of a file are kept; after a crash they may not have been written yet. */
    private boolean summed(EntryFile each) throws IOException {
        DaySums day = days.get(each.day());
        if (day == null || each.number() <= day.through()) {
            return true;
        }
        if (each.day().equals(current.day())) {
            return false;
        }
        int last = EntryFile.list(folder).stream()
                .filter(f -> f.day().equals(each.day()))
                .mapToInt(EntryFile::number)
                .max()
                .orElse(each.number());
        day.write(SumsFile.path(folder, each.day()), last);
        return true;
    }

    /** Brings what was written to the disk. */
    void sync() throws IOException {
        RecordFile written;
        lock.lock();
        try {
            if (!dirty) {
                return;
            }
            dirty = false;
            written = file;
        } finally {
            lock.unlock();
        }
        try {
            written.sync();
        } catch (IOException e) {
            if (current(written)) {
                throw e;
            }
            // Another file was begun meanwhile, which has brought this one to the disk and closed it.
        }
    }

    private boolean current(RecordFile written) {
        lock.lock();
        try {
            return written == file;
        } finally {
            lock.unlock();
        }
    }

    List<UsageEntry> entries(UsageFilter filter, int most) throws IOException {
        List<Extent> extents = extents(filter);
        List<UsageEntry> newest = new ArrayList<>();
        for (Extent extent : extents.reversed()) {
            ArrayDeque<UsageEntry> last = new ArrayDeque<>();
            int room = most - newest.size();
            extent.scan(filter, entry -> {
                if (last.size() == room) {
                    last.removeFirst();
                }
                last.add(entry);
            });
            last.descendingIterator().forEachRemaining(newest::add);
            if (newest.size() >= most) {
                break;
            }
        }
        return newest;
    }

    /** The files that may hold entries of the time in question, as far as they are written now. */
    private List<Extent> extents(UsageFilter filter) throws IOException {
        lock.lock();
        try {
            List<Extent> extents = new ArrayList<>();
            for (EntryFile each : EntryFile.list(folder)) {
                if (!each.day().isBefore(first(filter)) && !each.day().isAfter(last(filter))) {
                    extents.add(new Extent(each, each.equals(current) ? file.size() : Long.MAX_VALUE));
                }
            }
            return extents;
        } finally {
            lock.unlock();
        }
    }

    private static LocalDate first(UsageFilter filter) {
        return filter.from()
                .map(from -> LocalDate.ofInstant(from, ZoneOffset.UTC))
                .orElse(LocalDate.MIN);
    }

    private static LocalDate last(UsageFilter filter) {
        return filter.to().map(to -> LocalDate.ofInstant(to, ZoneOffset.UTC)).orElse(LocalDate.MAX);
    }

    List<UsageTotal> totals(UsageFilter filter) throws IOException {
        TreeMap<Sum.Names, Sum> totals = new TreeMap<>();
        List<Extent> partly = new ArrayList<>();
        lock.lock();
        try {
            List<Extent> extents = extents(filter);
            days.forEach((day, sums) -> {
                if (day.isBefore(first(filter)) || day.isAfter(last(filter))) {
                    return;
                }
                List<Extent> entries =
                        extents.stream().filter(e -> e.file().day().equals(day)).toList();
                boolean all = !entries.isEmpty() && entries.getFirst().file().number() == 1;
                if (whole(filter, day) || !all) {
                    sums.forEach((names, total) -> {
                        if (filter.names(names.provider(), names.model(), names.key())) {
                            totals.computeIfAbsent(names, n -> new Sum()).add(total);
                        }
                    });
                } else {
                    partly.addAll(entries);
                }
            });
        } finally {
            lock.unlock();
        }
        for (Extent extent : partly) {
            extent.scan(
                    filter,
                    entry -> totals.computeIfAbsent(Sum.Names.of(entry), n -> new Sum())
                            .add(entry));
        }
        return totals.entrySet().stream()
                .map(each -> each.getValue().total(each.getKey()))
                .toList();
    }

    private static boolean whole(UsageFilter filter, LocalDate day) {
        Instant begin = day.atStartOfDay().toInstant(ZoneOffset.UTC);
        Instant end = day.plusDays(1).atStartOfDay().toInstant(ZoneOffset.UTC);
        return filter.from().map(from -> !from.isAfter(begin)).orElse(true)
                && filter.to().map(to -> !to.isBefore(end)).orElse(true);
    }

    @Override
    public void close() throws IOException {
        lock.lock();
        try {
            write();
            if (!waiting.isEmpty()) {
                LOG.error("{} entries are lost, only their sums were kept", waiting.size());
            }
            file.sync();
            file.close();
        } finally {
            lock.unlock();
        }
    }
}
