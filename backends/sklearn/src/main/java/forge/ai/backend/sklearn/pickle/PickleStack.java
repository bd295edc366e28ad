package forge.ai.backend.sklearn.pickle;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a pickle has put aside: its stack, the marks in it, and what it remembers by number. */
final class PickleStack {

    private static final int MOST_OBJECTS = 20_000_000;

    private final PickleInput in;
    private final List<@Nullable Object> stack = new ArrayList<>();
    private final Deque<Integer> marks = new ArrayDeque<>();
    private final Map<Long, @Nullable Object> memo = new HashMap<>();
    private int objects;

    /** @param in says where it is when something is wrong */
    PickleStack(PickleInput in) {
        this.in = in;
    }

    void mark() {
        marks.push(stack.size());
    }

    void rememberNext() {
        remember(memo.size());
    }

    void push(@Nullable Object value) {
        if (++objects > MOST_OBJECTS) {
            throw in.broken("more than " + MOST_OBJECTS + " objects");
        }
        stack.add(value);
    }

    @Nullable
    Object pop() {
        if (stack.isEmpty() || !marks.isEmpty() && marks.peek() == stack.size()) {
            throw in.broken("the stack is empty");
        }
        return stack.removeLast();
    }

    @Nullable
    Object peek() {
        if (stack.isEmpty()) {
            throw in.broken("the stack is empty");
        }
        return stack.getLast();
    }

    List<@Nullable Object> popMark() {
        if (marks.isEmpty()) {
            throw in.broken("there is no mark");
        }
        return popFrom(marks.pop());
    }

    List<@Nullable Object> popLast(int count) {
        if (stack.size() - (marks.isEmpty() ? 0 : marks.peek()) < count) {
            throw in.broken("the stack is empty");
        }
        return popFrom(stack.size() - count);
    }

    private List<@Nullable Object> popFrom(int place) {
        List<@Nullable Object> top = stack.subList(place, stack.size());
        List<@Nullable Object> taken = new ArrayList<>(top);
        top.clear();
        return taken;
    }

    void remember(long place) {
        memo.put(place, peek());
    }

    @Nullable
    Object recall(long place) {
        if (!memo.containsKey(place)) {
            throw in.broken("nothing was remembered as " + place);
        }
        return memo.get(place);
    }
}
