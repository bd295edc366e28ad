package forge.ai.runtime.tools;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import forge.ai.api.InvalidRequestException;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A record, or the parameters of a method.
 *
 * @param constructor of the record; null of parameters, which are read to a list
 */
record Members(List<Member> members, @Nullable Constructor<?> constructor) implements Shape {

    /**
     * A member of an object.
     *
     * @param accessor how to get it of a record; null of a parameter
     */
    record Member(
            String name,
            String description,
            Shape shape,
            @Nullable Method accessor) {}

    @Override
    public void schema(JsonGenerator json) throws IOException {
        json.writeStringField("type", "object");
        json.writeObjectFieldStart("properties");
        for (Member member : members) {
            json.writeObjectFieldStart(member.name());
            member.shape().schema(json);
            if (!member.description().isEmpty()) {
                json.writeStringField("description", member.description());
            }
            json.writeEndObject();
        }
        json.writeEndObject();
        json.writeArrayFieldStart("required");
        for (Member member : members) {
            if (!member.shape().optional()) {
                json.writeString(member.name());
            }
        }
        json.writeEndArray();
        json.writeBooleanField("additionalProperties", false);
    }

    @Override
    public Object read(JsonNode value, String place) {
        if (!value.isObject()) {
            throw Shape.wrong(place.isEmpty() ? "arguments" : place, "an object", value);
        }
        Set<String> unknown = new HashSet<>();
        value.fieldNames().forEachRemaining(unknown::add);
        members.forEach(member -> unknown.remove(member.name()));
        if (!unknown.isEmpty()) {
            throw new InvalidRequestException(inside(place, unknown.iterator().next()) + ": unknown; there "
                    + (members.isEmpty() ? "are none" : "are: " + names()));
        }
        List<Object> values = new ArrayList<>();
        for (Member member : members) {
            values.add(member.shape().read(value.path(member.name()), inside(place, member.name())));
        }
        return constructor == null ? values : construct(constructor, values, place);
    }

    private String names() {
        return members.stream().map(Member::name).collect(Collectors.joining(", "));
    }

    private static String inside(String place, String name) {
        return place.isEmpty() ? name : place + "." + name;
    }

    /** A record may check what it is made of. */
    private static Object construct(Constructor<?> constructor, List<Object> values, String place) {
        try {
            return constructor.newInstance(values.toArray());
        } catch (InvocationTargetException e) {
            throw new InvalidRequestException(
                    place + ": " + e.getTargetException().getMessage());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void write(JsonGenerator json, Object value) throws IOException {
        json.writeStartObject();
        for (Member member : members) {
            json.writeFieldName(member.name());
            member.shape().write(json, value(member, value));
        }
        json.writeEndObject();
    }

    private static Object value(Member member, Object of) {
        try {
            return Stream.ofNullable(member.accessor())
                    .findFirst()
                    .orElseThrow()
                    .invoke(of);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }
}
