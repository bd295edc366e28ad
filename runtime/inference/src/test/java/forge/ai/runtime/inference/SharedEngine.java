package forge.ai.runtime.inference;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Gives all test classes of a process the same {@link RunningEngine}, for the native library is loaded once. */
final class SharedEngine implements ParameterResolver {

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == RunningEngine.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return context.getRoot()
                .getStore(Namespace.create(SharedEngine.class))
                .getOrComputeIfAbsent(RunningEngine.class, type -> started(), RunningEngine.class);
    }

    private static RunningEngine started() {
        try {
            Path folder = Files.createDirectories(Path.of("target", "engine"));
            return new RunningEngine(Files.createTempDirectory(folder, "it").toAbsolutePath());
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException("the engine did not start", e);
        }
    }
}
