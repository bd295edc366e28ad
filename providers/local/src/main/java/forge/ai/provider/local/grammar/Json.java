package forge.ai.provider.local.grammar;

import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The forms of JSON as grammars. Between its signs there may be a blank, or a new line with blanks, but not without end. */
final class Json {

    /** So deep do arrays and objects lie in each other where nothing says what they have in them. */
    private static final int DEPTH = 24;

    private static final Rule SPACE = Rule.any(
            Rule.EMPTY,
            Rule.text(" "),
            Rule.all(Rule.text("\n"), new Rule.Repeat(Rule.range(' ', ' ', '\t', '\t'), 0, 20)));

    /** A member of an object. */
    record Member(String name, Rule value, boolean required) {
        Rule rule() {
            return Json.member(Rule.text(TextNode.valueOf(name).toString()), value);
        }
    }

    static final Rule OBJECT;
    static final Rule VALUE;

    static {
        Rule scalar =
                Rule.any(Strings.STRING, Numbers.NUMBER, Rule.text("true"), Rule.text("false"), Rule.text("null"));
        Rule value = scalar;
        Rule object = scalar;
        for (int i = 0; i < DEPTH; i++) {
            object = object(List.of(), Optional.of(value));
            value = Rule.any(scalar, object, array(List.of(), value, 0, -1));
        }
        OBJECT = object;
        VALUE = value;
    }

    private Json() {}

    private static Rule member(Rule name, Rule value) {
        return Rule.all(name, Rule.text(":"), SPACE, value);
    }

    /**
     * An array.
     *
     * @param first the items at its beginning, which must be there
     * @param least how many there must be besides
     * @param most how many there can be besides, -1 for any number
     */
    static Rule array(List<Rule> first, Rule item, int least, int most) {
        Rule comma = Rule.all(Rule.text(","), SPACE);
        List<Rule> items = new ArrayList<>();
        for (Rule one : first) {
            items.add(items.isEmpty() ? one : Rule.all(comma, one));
        }
        Rule next = Rule.all(comma, item);
        if (!first.isEmpty()) {
            items.add(new Rule.Repeat(next, least, most));
        } else if (most != 0) {
            Rule some = Rule.all(item, new Rule.Repeat(next, Math.max(0, least - 1), most < 0 ? -1 : most - 1));
            items.add(least == 0 ? Rule.optional(some) : some);
        }
        return Rule.all(Rule.text("["), SPACE, new Rule.Sequence(items), SPACE, Rule.text("]"));
    }

    /**
     * An object.
     *
     * @param members in their order
     * @param others what members of other names are, if there can be any; they come last
     */
    static Rule object(List<Member> members, Optional<Rule> others) {
        Rule comma = Rule.all(Rule.text(","), SPACE);
        Rule first = Rule.EMPTY;
        Rule next = Rule.EMPTY;
        if (others.isPresent()) {
            Rule name = members.isEmpty()
                    ? Strings.STRING
                    : Strings.other(members.stream().map(Member::name).toList());
            Rule other = member(name, others.get());
            next = new Rule.Repeat(Rule.all(comma, other), 0, -1);
            first = Rule.optional(Rule.all(other, next));
        }
        // From the last to the first: what may follow, if this is the first one that is written or not.
        for (Member member : members.reversed()) {
            Rule begun = Rule.all(member.rule(), next);
            Rule going = Rule.all(comma, member.rule(), next);
            first = member.required() ? begun : Rule.any(begun, first);
            next = member.required() ? going : Rule.any(going, next);
        }
        return Rule.all(Rule.text("{"), SPACE, first, SPACE, Rule.text("}"));
    }
}
