package forge.ai.provider.local.grammar;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A grammar over bytes and its automaton, made as far as it is used.
 *
 * <p>A grammar that contains itself is no regular language; a state therefore is a set of stacks of what is still to come.
 * Equal stacks are one object, so that equal states are found again, and with them the tokens that they allow. For use by
 * one thread at a time.
 */
public final class Grammar {

    /** So many states and stacks are remembered; then it begins anew. */
    private static final int REMEMBERED = 8_192;

    /** So many states remember the tokens that they allow, which is a bit for each token of the vocabulary. */
    private static final int MASKS = 128;

    /**
     * What is still to come: the rest of a rule, then more.
     *
     * @param index how much of the rule is done
     */
    private record Stack(Rule rule, int index, @Nullable Stack rest, int id) {}

    private record StackKey(Rule rule, int index, int rest) {
        @Override
        public boolean equals(Object other) {
            return other instanceof StackKey that && rule == that.rule && index == that.index && rest == that.rest;
        }

        @Override
        public int hashCode() {
            return (System.identityHashCode(rule) * 31 + index) * 31 + rest;
        }
    }

    private record StateKey(List<Integer> stacks, boolean accepting) {}

    /** What is found while stacks are expanded; each is once, for a rule may lead back to itself without a byte. */
    private static final class Closure {
        private final Map<Integer, Stack> stacks = new TreeMap<>();
        private final Set<Integer> visited = new HashSet<>();
    }

    /** A state of the automaton. */
    final class State {
        private final List<Stack> stacks;
        private final boolean accepting;
        private final @Nullable State[] next = new State[256];
        private long @Nullable [] mask;

        private State(List<Stack> stacks, boolean accepting) {
            this.stacks = stacks;
            this.accepting = accepting;
        }

        /** Whether what was written may be all. */
        boolean accepting() {
            return accepting;
        }

        /** Whether nothing more can be written. */
        boolean complete() {
            return accepting && stacks.isEmpty();
        }

        boolean dead() {
            return !accepting && stacks.isEmpty();
        }

        State next(int value) {
            State known = next[value];
            if (known == null) {
                known = advance(this, value);
                next[value] = known;
            }
            return known;
        }

        /** A bit for each token that can come next. Not to be changed. */
        long[] mask(TokenTrie tokens) {
            long[] known = mask;
            if (known == null) {
                known = tokens.allowed(this);
                mask = known;
                masked.add(this);
                if (masked.size() > MASKS) {
                    masked.remove().mask = null;
                }
            }
            return known;
        }
    }

    private final Set<Rule> productive;
    private final Map<StackKey, Stack> stacks = new HashMap<>();
    private final Map<StateKey, State> states = new HashMap<>();
    private final Deque<State> masked = new ArrayDeque<>();
    private final Rule root;
    private int ids;

    private Grammar(Rule root, Set<Rule> productive) {
        this.root = root;
        this.productive = productive;
    }

    /** @throws UnsatisfiableException if nothing can be written */
    static Grammar of(Rule root) {
        Set<Rule> productive = productive(root);
        if (!productive.contains(root)) {
            throw new UnsatisfiableException();
        }
        return new Grammar(root, productive);
    }

    State start() {
        Closure found = new Closure();
        boolean accepting = expand(push(root, 0, null), found);
        return state(found, accepting);
    }

    private State advance(State from, int value) {
        Closure found = new Closure();
        boolean accepting = false;
        for (Stack stack : from.stacks) {
            switch (stack.rule()) {
                case Rule.Byte set when set.has(value) -> accepting |= expand(stack.rest(), found);
                case Rule.Literal text
                when text.at(stack.index()) == value -> {
                    if (stack.index() + 1 < text.length()) {
                        Stack next = push(text, stack.index() + 1, stack.rest());
                        found.stacks.put(next.id(), next);
                    } else {
                        accepting |= expand(stack.rest(), found);
                    }
                }
                default -> {}
            }
        }
        return state(found, accepting);
    }

    /** Puts the stacks that begin with bytes; whether it may also be all. */
    private boolean expand(@Nullable Stack stack, Closure found) {
        if (stack == null) {
            return true;
        }
        if (!found.visited.add(stack.id())) {
            return false;
        }
        Stack rest = stack.rest();
        boolean accepting = false;
        switch (stack.rule()) {
            case Rule.Byte set -> found.stacks.put(stack.id(), stack);
            case Rule.Literal text -> found.stacks.put(stack.id(), stack);
            case Rule.Later later -> accepting = expand(push(later.rule(), 0, rest), found);
            case Rule.Choice choice -> {
                for (Rule option : choice.options()) {
                    if (productive.contains(option)) {
                        accepting |= expand(push(option, 0, rest), found);
                    }
                }
            }
            case Rule.Sequence sequence -> {
                int index = stack.index();
                int size = sequence.parts().size();
                if (index == size) {
                    accepting = expand(rest, found);
                } else {
                    Stack after = index + 1 < size ? push(sequence, index + 1, rest) : rest;
                    accepting = expand(push(sequence.parts().get(index), 0, after), found);
                }
            }
            case Rule.Repeat repeat -> {
                int count = stack.index();
                if (count >= repeat.least()) {
                    accepting = expand(rest, found);
                }
                if ((repeat.most() < 0 || count < repeat.most()) && productive.contains(repeat.rule())) {
                    // Of what may come any number of times only the least number must be counted.
                    int counted = repeat.most() < 0 ? Math.min(count + 1, repeat.least()) : count + 1;
                    accepting |= expand(push(repeat.rule(), 0, push(repeat, counted, rest)), found);
                }
            }
        }
        return accepting;
    }

    private Stack push(Rule rule, int index, @Nullable Stack rest) {
        StackKey key = new StackKey(rule, index, rest == null ? -1 : rest.id());
        Stack known = stacks.get(key);
        if (known == null) {
            known = new Stack(rule, index, rest, ids++);
            stacks.put(key, known);
        }
        return known;
    }

    private State state(Closure found, boolean accepting) {
        if (states.size() + stacks.size() > REMEMBERED) {
            states.clear();
            stacks.clear();
            masked.clear();
        }
        return states.computeIfAbsent(
                new StateKey(List.copyOf(found.stacks.keySet()), accepting),
                key -> new State(List.copyOf(found.stacks.values()), accepting));
    }

    /** The rules by which something can be written, in finitely many steps. */
    private static Set<Rule> productive(Rule root) {
        List<Rule> all = reachable(root);
        Set<Rule> productive = Collections.newSetFromMap(new IdentityHashMap<>());
        boolean more = true;
        while (more) {
            more = false;
            for (Rule rule : all) {
                if (!productive.contains(rule) && isProductive(rule, productive)) {
                    more |= productive.add(rule);
                }
            }
        }
        return productive;
    }

    private static boolean isProductive(Rule rule, Set<Rule> productive) {
        return switch (rule) {
            case Rule.Byte set -> true;
            case Rule.Literal text -> true;
            case Rule.Sequence sequence -> productive.containsAll(sequence.parts());
            case Rule.Choice choice -> choice.options().stream().anyMatch(productive::contains);
            case Rule.Repeat repeat -> repeat.least() == 0 || productive.contains(repeat.rule());
            case Rule.Later later -> productive.contains(later.rule());
        };
    }

    private static List<Rule> reachable(Rule root) {
        Map<Rule, Boolean> seen = new IdentityHashMap<>();
        Deque<Rule> open = new ArrayDeque<>(List.of(root));
        List<Rule> all = new ArrayList<>();
        while (!open.isEmpty()) {
            Rule rule = open.pop();
            if (seen.put(rule, true) != null) {
                continue;
            }
            all.add(rule);
            switch (rule) {
                case Rule.Sequence sequence -> open.addAll(sequence.parts());
                case Rule.Choice choice -> open.addAll(choice.options());
                case Rule.Repeat repeat -> open.add(repeat.rule());
                case Rule.Later later -> open.add(later.rule());
                default -> {}
            }
        }
        return all.reversed();
    }
}
