package forge.ai.runtime.tools;

import forge.ai.api.InvalidRequestException;
import forge.ai.api.llm.Content;
import forge.ai.api.llm.Tool;
import forge.ai.api.tool.CallableTool;
import forge.ai.api.tool.ToolMethod;
import forge.ai.runtime.support.json.Json;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A method of a service as a tool. */
final class MethodTool implements CallableTool {

    private final Object service;
    private final Method method;
    private final Members parameters;
    private final Optional<Shape> result;
    private final Tool definition;

    private MethodTool(Object service, Method method, ToolMethod annotation) {
        this.service = service;
        this.method = method;
        this.parameters = Shapes.ofParameters(method);
        this.result = method.getReturnType() == void.class ? Optional.empty() : Optional.of(Shapes.ofResult(method));
        byte[] schema = Json.write(json -> {
            json.writeStartObject();
            parameters.schema(json);
            json.writeEndObject();
        });
        this.definition = new Tool(
                annotation.name().isEmpty() ? method.getName() : annotation.name(),
                annotation.value(),
                new String(schema, StandardCharsets.UTF_8),
                false);
        method.setAccessible(true);
    }

    /**
     * The tools among the methods of a service, those that it inherits included.
     *
     * @throws IllegalArgumentException if a method cannot be one; says which and why
     */
    static List<CallableTool> of(Object service) {
        List<CallableTool> tools = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (Class<?> type : family(service.getClass())) {
            for (Method method : type.getDeclaredMethods()) {
                ToolMethod annotation = method.getAnnotation(ToolMethod.class);
                String signature = method.getName() + List.of(method.getParameterTypes());
                if (annotation != null && !method.isBridge() && seen.add(signature)) {
                    tools.add(new MethodTool(service, method, annotation));
                }
            }
        }
        return tools;
    }

    /** A class, those above it, and their interfaces. */
    private static List<Class<?>> family(Class<?> type) {
        List<Class<?>> family = new ArrayList<>();
        for (Class<?> c = type; c != null; c = c.getSuperclass()) {
            family.add(c);
        }
        for (int i = 0; i < family.size(); i++) {
            family.addAll(List.of(family.get(i).getInterfaces()));
        }
        return family;
    }

    @Override
    public Tool definition() {
        return definition;
    }

    @Override
    public List<Content> call(String arguments) {
        List<?> values;
        try {
            values = (List<?>) parameters.read(Json.read(arguments), "");
        } catch (IOException e) {
            throw new InvalidRequestException("the arguments are not JSON");
        }
        Object value = invoke(values.toArray());
        if (value instanceof String text) {
            return List.of(new Content.Text(text));
        }
        return List.of(new Content.Text(result.map(shape -> json(shape, value)).orElse("done")));
    }

    private static String json(Shape shape, Object value) {
        return new String(
                Json.write(json -> {
                    if (value == null) {
                        json.writeNull();
                    } else {
                        shape.write(json, value);
                    }
                }),
                StandardCharsets.UTF_8);
    }

    private Object invoke(Object[] values) {
        try {
            return method.invoke(service, values);
        } catch (InvocationTargetException e) {
            throw sneaked(e.getTargetException());
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What the method throws, checked exceptions too, reaches whoever runs tools as it is. */
    @SuppressWarnings("unchecked")
    private static <E extends Throwable> RuntimeException sneaked(Throwable thrown) throws E {
        throw (E) thrown;
    }
}
