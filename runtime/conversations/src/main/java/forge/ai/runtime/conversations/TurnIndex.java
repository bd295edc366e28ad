package forge.ai.runtime.conversations;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;

/** Where each turn that is kept stands, and which are the latest of their conversations. Used under the store's lock. */
final class TurnIndex {

    /** A turn and its place. */
    record Entry(TurnJson.Head head, Segment.Place place) {}

    /** By id, the oldest first. */
    private final Map<String, Entry> turns = new LinkedHashMap<>();
    /** The id of the latest turn by the name of the conversation. */
    private final Map<String, String> latest = new TreeMap<>();

    void put(Segment.Place place, TurnJson.Head head) {
        Entry before = turns.put(head.id(), new Entry(head, place));
        if (before != null) {
            before.place().segment().release();
        }
        place.segment().retain();
        if (!head.conversation().isEmpty()) {
            latest.put(head.conversation(), head.id());
        }
    }

    /** A conversation whose latest turn goes, goes on after the one before. */
    void remove(Entry entry) {
        TurnJson.Head head = entry.head();
        turns.remove(head.id());
        entry.place().segment().release();
        if (head.id().equals(latest.get(head.conversation()))) {
            if (turns.containsKey(head.previous())) {
                latest.put(head.conversation(), head.previous());
            } else {
                latest.remove(head.conversation());
            }
        }
    }

    Optional<Entry> find(String id) {
        return Optional.ofNullable(turns.get(id));
    }

    /** The id of the latest turn of a conversation, or empty. */
    String latest(String conversation) {
        return latest.getOrDefault(conversation, "");
    }

    List<String> conversations() {
        return List.copyOf(latest.keySet());
    }

    List<Entry> all(Predicate<Entry> wanted) {
        return turns.values().stream().filter(wanted).toList();
    }

    Optional<Entry> oldest() {
        return turns.values().stream().findFirst();
    }

    int size() {
        return turns.size();
    }
}
