package forge.ai.backend.pytorch;

import forge.ai.api.InvalidRequestException;
import forge.ai.api.UnsupportedException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;

/**
 * Reads the pickles of a TorchScript archive, of which nothing is executed: only the operations that PyTorch itself
 * writes into them are known. What nests deeper than models do is refused, since the native reader would run out of
 * stack over it, and the process with it.
 */
final class PickleReader {

    private static final int DEEPEST = 1000;

    private final ByteBuffer in;
    private final String file;
    private final Deque<PickleValue> stack = new ArrayDeque<>();
    private final Map<Integer, PickleValue> memo = new HashMap<>();

    private PickleReader(byte[] bytes, String file) {
        this.in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        this.file = file;
    }

    /**
     * The value of a pickle.
     *
     * @param file its name, for messages
     */
    static PickleValue read(byte[] bytes, String file) {
        PickleReader reader = new PickleReader(bytes, file);
        try {
            PickleValue value = reader.read();
            reader.refuseTooDeep(value);
            return value;
        } catch (BufferUnderflowException | NoSuchElementException | IllegalArgumentException | ClassCastException e) {
            throw reader.damaged();
        }
    }

    private InvalidRequestException damaged() {
        return new InvalidRequestException(file + " is damaged");
    }

    private PickleValue read() {
        while (true) {
            int operation = in.get() & 0xff;
            switch (operation) {
                case '.' -> {
                    return stack.pop();
                }
                case 0x80 -> in.get();
                case '(' -> stack.push(PickleValue.Atom.MARK);
                case 'N', 0x88, 0x89 -> stack.push(PickleValue.Atom.OTHER);
                case 'G' -> skip(8, PickleValue.Atom.OTHER);
                case 0x8a -> skip(in.get() & 0xff, PickleValue.Atom.OTHER);
                case 'K' -> stack.push(new PickleValue.Number(in.get() & 0xff));
                case 'M' -> stack.push(new PickleValue.Number(in.getShort() & 0xffff));
                case 'J' -> stack.push(new PickleValue.Number(in.getInt()));
                case 'X', 'T' -> stack.push(new PickleValue.Text(text(in.getInt())));
                case 'U', 0x8c -> stack.push(new PickleValue.Text(text(in.get() & 0xff)));
                case 'c' -> stack.push(new PickleValue.Global(line(), line()));
                case 'q' -> memo.put(in.get() & 0xff, stack.element());
                case 'r' -> memo.put(in.getInt(), stack.element());
                case 'h' -> stack.push(known(in.get() & 0xff));
                case 'j' -> stack.push(known(in.getInt()));
                default -> group(operation);
            }
        }
    }

    private void group(int operation) {
        switch (operation) {
            case '}', ']', ')' -> stack.push(new PickleValue.Group());
            case 't', 'l', 'd' -> push(marked());
            case 0x85, 'Q' -> push(last(1));
            case 0x86, 'R', 0x81 -> push(last(2));
            case 0x87 -> push(last(3));
            case 'a', 'b' -> put(last(1));
            case 's' -> put(last(2));
            case 'e', 'u' -> put(marked());
            default ->
                throw new UnsupportedException(
                        "%s has the operation 0x%02x; expected: those that PyTorch writes".formatted(file, operation));
        }
    }

    private void push(List<PickleValue> parts) {
        PickleValue.Group group = new PickleValue.Group();
        group.addAll(parts);
        stack.push(group);
    }

    private void put(List<PickleValue> parts) {
        ((PickleValue.Group) stack.element()).addAll(parts);
    }

    private List<PickleValue> last(int count) {
        List<PickleValue> parts = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            parts.add(stack.pop());
        }
        Collections.reverse(parts);
        return parts;
    }

    private List<PickleValue> marked() {
        List<PickleValue> parts = new ArrayList<>();
        for (PickleValue part = stack.pop(); part != PickleValue.Atom.MARK; part = stack.pop()) {
            parts.add(part);
        }
        Collections.reverse(parts);
        return parts;
    }

    private PickleValue known(int place) {
        PickleValue value = memo.get(place);
        if (value == null) {
            throw damaged();
        }
        return value;
    }

    private void skip(int bytes, PickleValue value) {
        in.position(in.position() + bytes);
        stack.push(value);
    }

    private String text(int length) {
        if (length < 0 || length > in.remaining()) {
            throw damaged();
        }
        byte[] bytes = new byte[length];
        in.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private String line() {
        int from = in.position();
        while (in.get() != '\n') {
            // On to its end.
        }
        return new String(in.array(), from, in.position() - 1 - from, StandardCharsets.UTF_8);
    }

    /** One on the way to a value's parts. */
    private record Step(PickleValue.Group group, int next) {}

    /** Without recursion, as it is to find what recursion would fail on; what holds itself has no end. */
    private void refuseTooDeep(PickleValue root) {
        Map<PickleValue.Group, Integer> depths = new IdentityHashMap<>();
        Set<PickleValue.Group> above = Collections.newSetFromMap(new IdentityHashMap<>());
        Deque<Step> way = new ArrayDeque<>();
        enter(root, way, above);
        while (!way.isEmpty()) {
            Step step = way.pop();
            if (step.next() == step.group().parts().size()) {
                above.remove(step.group());
                depths.put(step.group(), 1 + deepest(step.group(), depths));
                if (depths.get(step.group()) > DEEPEST) {
                    throw tooDeep();
                }
                continue;
            }
            way.push(new Step(step.group(), step.next() + 1));
            PickleValue part = step.group().parts().get(step.next());
            if (part instanceof PickleValue.Group group && !depths.containsKey(group)) {
                enter(group, way, above);
            }
        }
    }

    private void enter(PickleValue value, Deque<Step> way, Set<PickleValue.Group> above) {
        if (value instanceof PickleValue.Group group) {
            if (!above.add(group)) {
                throw tooDeep();
            }
            way.push(new Step(group, 0));
        }
    }

    private static int deepest(PickleValue.Group group, Map<PickleValue.Group, Integer> depths) {
        int deepest = 0;
        for (PickleValue part : group.parts()) {
            if (part instanceof PickleValue.Group inner) {
                deepest = Math.max(deepest, depths.get(inner));
            }
        }
        return deepest;
    }

    private UnsupportedException tooDeep() {
        return new UnsupportedException(file + " nests deeper than " + DEEPEST + ", which is the most");
    }
}
