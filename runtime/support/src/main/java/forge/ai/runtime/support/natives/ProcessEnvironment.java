package forge.ai.runtime.support.natives;

import java.lang.invoke.MethodHandle;
import java.lang.reflect.Array;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Environment variables as native code in this process sees them, which Java can read but not set. */
public final class ProcessEnvironment {

    private ProcessEnvironment() {}

    /**
     * Sets a variable by the C function {@code setenv}.
     *
     * @throws IllegalStateException if that cannot be called; the message says how to set it from outside
     */
    public static void set(String name, String value) {
        if (value.equals(System.getenv(name))) {
            return;
        }
        try {
            int failed = (int) setenv().invokeWithArguments(text(name), text(value), 1);
            if (failed != 0) {
                throw new IllegalStateException("setenv failed");
            }
        } catch (Throwable e) {
            throw new IllegalStateException(
                    "cannot set %s in this process; start it with %s=%s in its environment"
                            .formatted(name, name, value),
                    e);
        }
    }

    /** By reflection, as {@code java.lang.foreign} is there in Java 21 but may be compiled against only since 22. */
    private static MethodHandle setenv() throws ReflectiveOperationException {
        Class<?> linkers = foreign("Linker");
        Class<?> layouts = foreign("MemoryLayout");
        Class<?> values = foreign("ValueLayout");
        Class<?> descriptors = foreign("FunctionDescriptor");
        Object linker = linkers.getMethod("nativeLinker").invoke(null);
        Object symbols = linkers.getMethod("defaultLookup").invoke(linker);
        Object function = ((Optional<?>)
                        foreign("SymbolLookup").getMethod("find", String.class).invoke(symbols, "setenv"))
                .orElseThrow();
        Object pointer = values.getField("ADDRESS").get(null);
        Object integer = values.getField("JAVA_INT").get(null);
        Object parameters = Array.newInstance(layouts, 3);
        Array.set(parameters, 0, pointer);
        Array.set(parameters, 1, pointer);
        Array.set(parameters, 2, integer);
        Object descriptor =
                descriptors.getMethod("of", layouts, parameters.getClass()).invoke(null, integer, parameters);
        Object options = Array.newInstance(foreign("Linker$Option"), 0);
        return (MethodHandle)
                linkers.getMethod("downcallHandle", foreign("MemorySegment"), descriptors, options.getClass())
                        .invoke(linker, function, descriptor, options);
    }

    /** A text in native memory, ended by a zero. */
    private static Object text(String value) throws ReflectiveOperationException {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        ByteBuffer buffer = ByteBuffer.allocateDirect(bytes.length + 1).put(0, bytes);
        return foreign("MemorySegment").getMethod("ofBuffer", Buffer.class).invoke(null, buffer);
    }

    private static Class<?> foreign(String name) throws ClassNotFoundException {
        return Class.forName("java.lang.foreign." + name);
    }
}
