package forge.ai.runtime.conversations;

import forge.ai.api.InvalidRequestException;
import forge.ai.api.NotFoundException;
import forge.ai.api.ResourceExhaustedException;
import forge.ai.api.UnavailableException;
import forge.ai.api.conversation.Turn;
import forge.ai.api.llm.Message;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The turns that are kept: where each stands on disk, and which follow which. What was said stays on disk. */
final class TurnStore implements AutoCloseable {

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,128}");
    private static final String ALLOWED = "allowed are 1 to 128 letters, digits, . _ and -";

    private record Entry(TurnJson.Head head, Segment.Place place) {}

    private final Supplier<Settings> settings;
    private final Clock clock;
    private final TurnFiles files;
    private final ReentrantLock lock = new ReentrantLock();
    /** By id, the oldest first. */
    private final Map<String, Entry> turns = new LinkedHashMap<>();
    /** The id of the latest turn by the name of the conversation. */
    private final Map<String, String> latest = new TreeMap<>();

    private boolean closed;

    TurnStore(Path folder, Supplier<Settings> settings, Clock clock) {
        this.settings = settings;
        this.clock = clock;
        this.files = new TurnFiles(folder);
    }

    /** Brings what is known up to date, and then does the work, all under the lock. */
    private <T> T current(Supplier<T> work) {
        lock.lock();
        try {
            if (closed) {
                throw new UnavailableException("the conversations are being stopped; try again");
            }
            files.follow(this::know);
            forgetTheOld();
            return work.get();
        } catch (IOException e) {
            throw TurnFiles.failed("read", e);
        } finally {
            lock.unlock();
        }
    }

    private void know(Segment.Place place, TurnJson.Head head) {
        Entry before = turns.put(head.id(), new Entry(head, place));
        if (before != null) {
            before.place().segment().release();
        }
        place.segment().retain();
        if (!head.conversation().isEmpty()) {
            latest.put(head.conversation(), head.id());
        }
    }

    void append(Turn turn) {
        byte[] bytes = checked(turn);
        current(() -> {
            if (turns.containsKey(turn.id())) {
                throw new InvalidRequestException("there is a turn '" + turn.id() + "' already");
            }
            if (!turn.previous().isEmpty() && !turns.containsKey(turn.previous())) {
                throw noTurn(turn.previous());
            }
            String before = latest.getOrDefault(turn.conversation(), "");
            if (!turn.conversation().isEmpty() && !before.equals(turn.previous())) {
                throw new InvalidRequestException("conversation '" + turn.conversation()
                        + "' has gone on meanwhile; its next turn has to follow "
                        + (before.isEmpty() ? "none" : "'" + before + "'"));
            }
            add(turn, bytes);
            return turn;
        });
    }

    private byte[] checked(Turn turn) {
        require("id", turn.id());
        if (!turn.conversation().isEmpty()) {
            require("conversation", turn.conversation());
        }
        byte[] bytes = TurnJson.write(turn);
        int most = settings.get().maxTurnBytes();
        if (bytes.length > most) {
            throw new ResourceExhaustedException("a turn of " + bytes.length + " bytes is larger than the " + most
                    + " that maxTurnBytes allows; it is not kept");
        }
        return bytes;
    }

    private static void require(String what, String name) {
        if (!NAME.matcher(name).matches()) {
            throw new InvalidRequestException(what + ": " + ALLOWED);
        }
    }

    private void add(Turn turn, byte[] bytes) {
        try {
            Segment.Place place = files.add(bytes, settings.get().maxBytes());
            know(place, new TurnJson.Head(turn.id(), turn.conversation(), turn.previous(), turn.created()));
        } catch (IOException e) {
            throw TurnFiles.failed("kept", e);
        }
        forgetTheOld();
    }

    Optional<Turn> turn(String id) {
        return current(() -> Optional.ofNullable(turns.get(id)).flatMap(e -> files.read(e.place())));
    }

    Optional<Turn> latest(String conversation) {
        return current(() ->
                Optional.ofNullable(latest.get(conversation)).map(turns::get).flatMap(e -> files.read(e.place())));
    }

    /** The id of the latest turn of a conversation, or empty if it has none yet. */
    String open(String conversation) {
        require("conversation", conversation);
        return current(() -> latest.getOrDefault(conversation, ""));
    }

    List<String> conversations() {
        return current(() -> List.copyOf(latest.keySet()));
    }

    /** The messages up to that turn, the oldest first; of a very long history its end. */
    List<Message> history(String id) {
        return current(() -> {
            if (!turns.containsKey(id)) {
                throw noTurn(id);
            }
            List<List<Message>> backwards = new ArrayList<>();
            long left = settings.get().maxHistoryBytes();
            @Nullable Entry entry = turns.get(id);
            while (entry != null && left >= entry.place().length()) {
                left -= entry.place().length();
                Optional<Turn> turn = files.read(entry.place());
                if (turn.isEmpty()) {
                    break;
                }
                backwards.add(turn.get().messages());
                entry = turns.get(turn.get().previous());
            }
            return backwards.reversed().stream().flatMap(List::stream).toList();
        });
    }

    private static NotFoundException noTurn(String id) {
        return new NotFoundException(
                "no turn '" + id + "' is kept; it was never, or it was deleted or has become too old");
    }

    boolean delete(String id) {
        return current(() -> {
            Entry entry = turns.get(id);
            if (entry != null) {
                forget(entry);
                files.deleteEmpty();
            }
            return entry != null;
        });
    }

    boolean deleteConversation(String conversation) {
        return current(() -> {
            List<Entry> line = turns.values().stream()
                    .filter(e ->
                            !conversation.isEmpty() && e.head().conversation().equals(conversation))
                    .toList();
            line.forEach(this::forget);
            files.deleteEmpty();
            return !line.isEmpty();
        });
    }

    /** On disk, too. A conversation whose latest turn goes, goes on after the one before. */
    private void forget(Entry entry) {
        files.erase(entry.place());
        drop(entry);
    }

    private void drop(Entry entry) {
        TurnJson.Head head = entry.head();
        turns.remove(head.id());
        entry.place().segment().release();
        if (head.id().equals(latest.get(head.conversation()))) {
            Entry before = turns.get(head.previous());
            if (before == null) {
                latest.remove(head.conversation());
            } else {
                latest.put(head.conversation(), head.previous());
            }
        }
    }

    private void forgetTheOld() {
        Instant oldest = clock.instant().minus(settings.get().maxAge());
        boolean any = false;
        while (!turns.isEmpty()) {
            Entry first = turns.values().iterator().next();
            if (turns.size() <= settings.get().maxTurns()
                    && !first.head().created().isBefore(oldest)) {
                break;
            }
            forget(first);
            any = true;
        }
        for (Optional<Segment> s = tooMuch(); s.isPresent(); s = tooMuch()) {
            Segment segment = s.get();
            turns.values().stream()
                    .filter(e -> e.place().segment() == segment)
                    .toList()
                    .forEach(this::drop);
            files.delete(segment);
        }
        if (any) {
            files.deleteEmpty();
        }
    }

    private Optional<Segment> tooMuch() {
        return files.surplus(settings.get().maxBytes());
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            files.close();
        } finally {
            lock.unlock();
        }
    }
}
