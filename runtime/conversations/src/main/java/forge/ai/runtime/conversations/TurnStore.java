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
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/** The turns that are kept: where each stands on disk, and which follow which. What was said stays on disk. */
final class TurnStore implements AutoCloseable {

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,128}");
    private static final String ALLOWED = "allowed are 1 to 128 letters, digits, . _ and -";

    private final Supplier<Settings> settings;
    private final Clock clock;
    private final TurnFiles files;
    private final ReentrantLock lock = new ReentrantLock();
    private final TurnIndex index = new TurnIndex();
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
            files.follow(index::put);
            forgetTheOld();
            return work.get();
        } catch (IOException e) {
            throw TurnFiles.failed("read", e);
        } finally {
            lock.unlock();
        }
    }

    void append(Turn turn) {
        byte[] bytes = checked(turn);
        current(() -> {
            if (index.find(turn.id()).isPresent()) {
                throw new InvalidRequestException("there is a turn '" + turn.id() + "' already");
            }
            if (!turn.previous().isEmpty() && index.find(turn.previous()).isEmpty()) {
                throw noTurn(turn.previous());
            }
            String before = index.latest(turn.conversation());
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
            index.put(place, new TurnJson.Head(turn.id(), turn.conversation(), turn.previous(), turn.created()));
        } catch (IOException e) {
            throw TurnFiles.failed("kept", e);
        }
        forgetTheOld();
    }

    Optional<Turn> turn(String id) {
        return current(() -> index.find(id).flatMap(e -> files.read(e.place())));
    }

    Optional<Turn> latest(String conversation) {
        return current(() -> index.find(index.latest(conversation)).flatMap(e -> files.read(e.place())));
    }

    /** The id of the latest turn of a conversation, or empty if it has none yet. */
    String open(String conversation) {
        require("conversation", conversation);
        return current(() -> index.latest(conversation));
    }

    List<String> conversations() {
        return current(index::conversations);
    }

    /** The messages up to that turn, the oldest first; of a very long history its end. */
    List<Message> history(String id) {
        return current(() -> {
            Optional<TurnIndex.Entry> entry = Optional.of(index.find(id).orElseThrow(() -> noTurn(id)));
            List<List<Message>> backwards = new ArrayList<>();
            long left = settings.get().maxHistoryBytes();
            while (entry.isPresent() && left >= entry.get().place().length()) {
                left -= entry.get().place().length();
                Optional<Turn> turn = files.read(entry.get().place());
                turn.ifPresent(t -> backwards.add(t.messages()));
                entry = turn.flatMap(t -> index.find(t.previous()));
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
            Optional<TurnIndex.Entry> entry = index.find(id);
            entry.ifPresent(this::forget);
            files.deleteEmpty();
            return entry.isPresent();
        });
    }

    boolean deleteConversation(String conversation) {
        return current(() -> {
            List<TurnIndex.Entry> line = index.all(
                    e -> !conversation.isEmpty() && e.head().conversation().equals(conversation));
            line.forEach(this::forget);
            files.deleteEmpty();
            return !line.isEmpty();
        });
    }

    /** On disk, too. */
    private void forget(TurnIndex.Entry entry) {
        files.erase(entry.place());
        index.remove(entry);
    }

    private void forgetTheOld() {
        Instant oldest = clock.instant().minus(settings.get().maxAge());
        int before = index.size();
        Optional<TurnIndex.Entry> first = index.oldest();
        while (first.isPresent()
                && (index.size() > settings.get().maxTurns()
                        || first.get().head().created().isBefore(oldest))) {
            forget(first.get());
            first = index.oldest();
        }
        for (Optional<Segment> s = tooMuch(); s.isPresent(); s = tooMuch()) {
            Segment segment = s.get();
            index.all(e -> e.place().segment() == segment).forEach(index::remove);
            files.delete(segment);
        }
        if (index.size() < before) {
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
