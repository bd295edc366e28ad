package forge.ai.backend.sklearn.pickle;

import forge.ai.api.InvalidRequestException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Python's pickle machine, protocols 0 to 5, reduced to data: None is null, numbers are Long, BigInteger and Double,
 * tuples and lists are List, what is no data of these kinds is {@link PyObject}, {@link PyClass}, {@link NdArray}. It
 * works in one loop, so that deep nesting costs no stack, and makes a limited number of objects.
 *
 * <p>Source: the opcodes as {@code pickletools} of Python 3.13 documents them; joblib's arrays, which follow their
 * wrapper raw, as {@code joblib.numpy_pickle} writes them.
 */
final class PickleReader {

    /** Arrays of objects in joblib files are pickles of their own, within the file. */
    private static final int DEEPEST = 4;

    private final PickleInput in;
    private final int depth;
    private final PickleStack stack;
    private final PickleLiterals literals;

    PickleReader(PickleInput in) {
        this(in, 0);
    }

    private PickleReader(PickleInput in, int depth) {
        this.in = in;
        this.depth = depth;
        this.stack = new PickleStack(in);
        this.literals = new PickleLiterals(in);
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
                return stack.pop();
            }
            step(code);
        }
    }

    private void step(int code) {
        switch (code) {
            case 0x80 -> in.next();
            case 0x95 -> in.frame(in.longInteger());
            case '(' -> stack.mark();
            case '0' -> stack.pop();
            case '1' -> stack.popMark();
            case '2' -> stack.push(stack.peek());
            case 'c' -> stack.push(KnownTypes.find(in.line(), in.line()));
            case 0x93 -> {
                String name = text(stack.pop());
                stack.push(KnownTypes.find(text(stack.pop()), name));
            }
            case 'R', 0x81 -> {
                List<?> arguments = list(stack.pop());
                stack.push(KnownTypes.make(value(stack.pop()), arguments));
            }
            case 0x92 -> {
                stack.pop();
                List<?> arguments = list(stack.pop());
                stack.push(KnownTypes.make(value(stack.pop()), arguments));
            }
            case 'b' -> build();
            case 'g' -> stack.push(stack.recall(literals.number(in.line())));
            case 'h' -> stack.push(stack.recall(in.next()));
            case 'j' -> stack.push(stack.recall(in.unsignedInteger()));
            case 'p' -> stack.remember(literals.number(in.line()));
            case 'q' -> stack.remember(in.next());
            case 'r' -> stack.remember(in.unsignedInteger());
            case 0x94 -> stack.rememberNext();
            default -> {
                if (!collection(code)) {
                    stack.push(literals.read(code));
                }
            }
        }
    }

    /** Whether it was an opcode of lists, tuples, dictionaries and sets. */
    private boolean collection(int code) {
        switch (code) {
            case ']' -> stack.push(new ArrayList<>());
            case 'l', 't' -> stack.push(stack.popMark());
            case ')' -> stack.push(new ArrayList<>(0));
            case 0x85 -> stack.push(stack.popLast(1));
            case 0x86 -> stack.push(stack.popLast(2));
            case 0x87 -> stack.push(stack.popLast(3));
            case 'a' -> append(stack.popLast(1));
            case 'e' -> append(stack.popMark());
            case '}' -> stack.push(new LinkedHashMap<>());
            case 'd' -> stack.push(put(new LinkedHashMap<>(), stack.popMark()));
            case 's' -> {
                List<@Nullable Object> item = stack.popLast(2);
                put(map(), item);
            }
            case 'u' -> {
                List<@Nullable Object> items = stack.popMark();
                put(map(), items);
            }
            case 0x8f -> stack.push(new HashSet<>());
            case 0x91 -> stack.push(add(new HashSet<>(), stack.popMark()));
            case 0x90 -> {
                List<@Nullable Object> elements = stack.popMark();
                if (!(stack.peek() instanceof Set<?> set)) {
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

    /** Puts state into the object below it. */
    private void build() {
        Object state = stack.pop();
        switch (stack.peek()) {
            case NdArray array -> array.build(list(state));
            case Dtype type -> type.build(list(state));
            case PyObject object -> {
                attributes(object, state);
                if (KnownTypes.arrayFollows(object)) {
                    stack.pop();
                    stack.push(followingArray(object));
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

    private void append(List<@Nullable Object> elements) {
        if (!(stack.peek() instanceof List<?> list)) {
            throw in.broken("elements are appended to what is no list");
        }
        @SuppressWarnings("unchecked")
        List<@Nullable Object> target = (List<@Nullable Object>) list;
        target.addAll(elements);
    }

    private Map<@Nullable Object, @Nullable Object> map() {
        if (!(stack.peek() instanceof Map<?, ?> map)) {
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
