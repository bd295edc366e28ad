package forge.ai.backend.sklearn.pickle;

import forge.ai.api.InvalidRequestException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Python's pickle machine, protocols 0 to 5, reduced to data: None is null, numbers are Long, BigInteger and Double,
 * tuples and lists are List, what is no data of these kinds is {@link PyObject}, {@link PyClass}, {@link NdArray}. It
 * works in one loop, so that deep nesting costs no stack, and makes at most {@link #MOST_OBJECTS}.
 *
 * <p>Source: the opcodes as {@code pickletools} of Python 3.13 documents them; joblib's arrays, which follow their
 * wrapper raw, as {@code joblib.numpy_pickle} writes them.
 */
final class PickleReader {

    private static final int MOST_OBJECTS = 20_000_000;

    /** Arrays of objects in joblib files are pickles of their own, within the file. */
    private static final int DEEPEST = 4;

    private final PickleInput in;
    private final int depth;
    private final List<@Nullable Object> stack = new ArrayList<>();
    private final Deque<Integer> marks = new ArrayDeque<>();
    private final Map<Long, @Nullable Object> memo = new HashMap<>();
    private int objects;

    PickleReader(PickleInput in) {
        this(in, 0);
    }

    private PickleReader(PickleInput in, int depth) {
        this.in = in;
        this.depth = depth;
    }

    /**
     * The object that the pickle holds.
     *
     * @throws InvalidRequestException if it is broken, too large, or names what is not known
     */
    @Nullable
    Object read() {
        while (true) {
            int code = in.next();
            if (code == '.') {
                return pop();
            }
            step(code);
        }
    }

    private void step(int code) {
        switch (code) {
            case 0x80 -> in.next();
            case 0x95 -> in.frame(in.longInteger());
            case '(' -> marks.push(stack.size());
            case '0' -> pop();
            case '1' -> popMark();
            case '2' -> push(peek());
            case 'c' -> push(KnownTypes.find(in.line(), in.line()));
            case 0x93 -> {
                String name = text(pop());
                push(KnownTypes.find(text(pop()), name));
            }
            case 'R', 0x81 -> {
                List<?> arguments = list(pop());
                push(KnownTypes.make(value(pop()), arguments));
            }
            case 0x92 -> {
                pop();
                List<?> arguments = list(pop());
                push(KnownTypes.make(value(pop()), arguments));
            }
            case 'b' -> build();
            case 'g' -> push(recall(number(in.line())));
            case 'h' -> push(recall(in.next()));
            case 'j' -> push(recall(in.unsignedInteger()));
            case 'p' -> remember(number(in.line()));
            case 'q' -> remember(in.next());
            case 'r' -> remember(in.unsignedInteger());
            case 0x94 -> remember(memo.size());
            default -> {
                if (!collection(code)) {
                    push(data(code));
                }
            }
        }
    }

    /** Whether it was an opcode of lists, tuples, dictionaries and sets. */
    private boolean collection(int code) {
        switch (code) {
            case ']' -> push(new ArrayList<>());
            case 'l', 't' -> push(popMark());
            case ')' -> push(new ArrayList<>(0));
            case 0x85 -> push(popLast(1));
            case 0x86 -> push(popLast(2));
            case 0x87 -> push(popLast(3));
            case 'a' -> append(popLast(1));
            case 'e' -> append(popMark());
            case '}' -> push(new LinkedHashMap<>());
            case 'd' -> push(put(new LinkedHashMap<>(), popMark()));
            case 's' -> {
                List<@Nullable Object> item = popLast(2);
                put(map(), item);
            }
            case 'u' -> {
                List<@Nullable Object> items = popMark();
                put(map(), items);
            }
            case 0x8f -> push(new HashSet<>());
            case 0x91 -> push(add(new HashSet<>(), popMark()));
            case 0x90 -> {
                List<@Nullable Object> elements = popMark();
                if (!(peek() instanceof Set<?> set)) {
                    throw in.broken("elements are added to what is no set");
                }
                @SuppressWarnings("unchecked")
                Set<@Nullable Object> target = (Set<@Nullable Object>) set;
                add(target, elements);
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    private @Nullable Object data(int code) {
        return switch (code) {
            case 'N' -> null;
            case 0x88 -> true;
            case 0x89 -> false;
            case 'I' -> {
                String line = in.line().strip();
                yield line.equals("01") ? (Object) true : line.equals("00") ? (Object) false : (Object) number(line);
            }
            case 'L' -> number(in.line().strip().replaceAll("L$", ""));
            case 'J' -> (long) in.integer();
            case 'K' -> (long) in.next();
            case 'M' -> (long) in.unsignedShort();
            case 0x8a -> longNumber(in.next());
            case 0x8b -> longNumber(in.integer());
            case 'F' -> decimal(in.line().strip());
            case 'G' -> in.number();
            case 'S' -> quoted(in.line().strip());
            case 'T' -> new String(in.take(in.integer()), StandardCharsets.ISO_8859_1);
            case 'U' -> new String(in.take(in.next()), StandardCharsets.ISO_8859_1);
            case 'V' -> in.line();
            case 'X' -> in.text(in.unsignedInteger());
            case 0x8c -> in.text(in.next());
            case 0x8d -> in.text(in.longInteger());
            case 'B' -> in.take(in.unsignedInteger());
            case 'C' -> in.take(in.next());
            case 0x8e, 0x96 -> in.take(in.longInteger());
            default -> throw in.broken("the opcode 0x%02x is not read".formatted(code));
        };
    }

    private long number(String line) {
        try {
            return Long.parseLong(line);
        } catch (NumberFormatException e) {
            throw in.broken("a number is unreadable");
        }
    }

    private double decimal(String line) {
        try {
            return Double.parseDouble(line);
        } catch (NumberFormatException e) {
            throw in.broken("a number is unreadable");
        }
    }

    private String quoted(String line) {
        if (line.length() < 2 || line.indexOf('\\') >= 0) {
            throw in.broken("a quoted text is unreadable");
        }
        return line.substring(1, line.length() - 1);
    }

    private Number longNumber(int length) {
        if (length < 0 || length > 1024) {
            throw in.broken("a number of " + length + " bytes");
        }
        byte[] little = in.take(length);
        byte[] big = new byte[length];
        for (int i = 0; i < length; i++) {
            big[i] = little[length - 1 - i];
        }
        BigInteger number = length == 0 ? BigInteger.ZERO : new BigInteger(big);
        return number.bitLength() < 64 ? (Number) number.longValue() : (Number) number;
    }

    /** Puts state into the object below it. */
    private void build() {
        Object state = pop();
        switch (peek()) {
            case NdArray array -> array.build(list(state));
            case Dtype type -> type.build(list(state));
            case PyObject object -> {
                attributes(object, state);
                if (KnownTypes.arrayFollows(object)) {
                    pop();
                    push(followingArray(object));
                }
            }
            case null, default -> throw in.broken("state for what has none");
        }
    }

    private void attributes(PyObject object, @Nullable Object state) {
        Object attributes = state;
        if (state instanceof List<?> pair && pair.size() == 2 && pair.get(1) instanceof Map<?, ?>) {
            attributes = pair.get(1);
        }
        if (attributes instanceof Map<?, ?> map) {
            map.forEach((name, value) -> object.attributes().put(text(name), value));
        } else {
            object.state(state);
        }
    }

    private @Nullable Object followingArray(PyObject wrapper) {
        if (!(wrapper.find("dtype").orElse(null) instanceof Dtype type)) {
            throw in.broken("an array without a type");
        }
        if (type.kind() == 'O') {
            if (depth == DEEPEST) {
                throw in.broken("arrays of objects within each other");
            }
            return new PickleReader(in, depth + 1).read();
        }
        if (wrapper.find("numpy_array_alignment_bytes").isPresent()) {
            in.take(in.next());
        }
        List<?> shape = wrapper.list("shape");
        byte[] data = in.take(NdArray.count(NdArray.shape(shape)) * type.size());
        return NdArray.of(type, shape, wrapper.text("order", "C"), data);
    }

    private void push(@Nullable Object value) {
        if (++objects > MOST_OBJECTS) {
            throw in.broken("more than " + MOST_OBJECTS + " objects");
        }
        stack.add(value);
    }

    private @Nullable Object pop() {
        if (stack.isEmpty() || !marks.isEmpty() && marks.peek() == stack.size()) {
            throw in.broken("the stack is empty");
        }
        return stack.removeLast();
    }

    private @Nullable Object peek() {
        if (stack.isEmpty()) {
            throw in.broken("the stack is empty");
        }
        return stack.getLast();
    }

    private List<@Nullable Object> popMark() {
        if (marks.isEmpty()) {
            throw in.broken("there is no mark");
        }
        return popFrom(marks.pop());
    }

    private List<@Nullable Object> popLast(int count) {
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

    private void append(List<@Nullable Object> elements) {
        if (!(peek() instanceof List<?> list)) {
            throw in.broken("elements are appended to what is no list");
        }
        @SuppressWarnings("unchecked")
        List<@Nullable Object> target = (List<@Nullable Object>) list;
        target.addAll(elements);
    }

    private Map<@Nullable Object, @Nullable Object> map() {
        if (!(peek() instanceof Map<?, ?> map)) {
            throw in.broken("items are put into what is no dictionary");
        }
        @SuppressWarnings("unchecked")
        Map<@Nullable Object, @Nullable Object> target = (Map<@Nullable Object, @Nullable Object>) map;
        return target;
    }

    private Map<@Nullable Object, @Nullable Object> put(
            Map<@Nullable Object, @Nullable Object> map, List<@Nullable Object> items) {
        if (items.size() % 2 != 0) {
            throw in.broken("a key without a value");
        }
        for (int i = 0; i < items.size(); i += 2) {
            map.put(scalar(items.get(i)), items.get(i + 1));
        }
        return map;
    }

    private static Set<@Nullable Object> add(Set<@Nullable Object> set, List<@Nullable Object> elements) {
        elements.forEach(element -> set.add(scalar(element)));
        return set;
    }

    /** Keys are compared, which nested ones would make costly. */
    static @Nullable Object scalar(@Nullable Object key) {
        if (key == null || key instanceof String || key instanceof Number || key instanceof Boolean) {
            return key;
        }
        throw new InvalidRequestException("a key or an element of a set that is no text, number or None");
    }

    private void remember(long place) {
        memo.put(place, peek());
    }

    private @Nullable Object recall(long place) {
        if (!memo.containsKey(place)) {
            throw in.broken("nothing was remembered as " + place);
        }
        return memo.get(place);
    }

    private String text(@Nullable Object value) {
        if (value instanceof String text) {
            return text;
        }
        throw in.broken("a name that is no text");
    }

    private List<?> list(@Nullable Object value) {
        if (value instanceof List<?> list) {
            return list;
        }
        throw in.broken("arguments or state that are no tuple");
    }

    private Object value(@Nullable Object value) {
        if (value == null) {
            throw in.broken("None is called");
        }
        return value;
    }
}
