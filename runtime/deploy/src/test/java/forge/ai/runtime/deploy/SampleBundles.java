package forge.ai.runtime.deploy;

import forge.ai.runtime.deploy.sample.Answer;
import forge.ai.runtime.deploy.sample.Asking;
import forge.ai.runtime.support.lease.LeaseRouter;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The content of bundles with declarative services, made of classes of the test. */
final class SampleBundles {

    static final Map<String, String> HEADERS =
            Map.of("Service-Component", "OSGI-INF/component.xml", "Import-Package", "org.osgi.framework");

    private SampleBundles() {}

    /** A bundle that offers {@link Answer}. */
    static Map<String, byte[]> answer() {
        return content("""
                <scr:component xmlns:scr="http://www.osgi.org/xmlns/scr/v1.3.0" name="x.answer" immediate="true"
                    deactivate="close">
                  <implementation class="forge.ai.runtime.deploy.sample.Answer"/>
                  <property name="role" value="answer"/>
                  <service><provide interface="java.util.function.Supplier"/></service>
                </scr:component>""", Answer.class);
    }

    /** A bundle that calls it, and itself is called as a {@link java.util.concurrent.Callable}. */
    static Map<String, byte[]> asking() {
        Map<String, byte[]> content = content("""
                <scr:component xmlns:scr="http://www.osgi.org/xmlns/scr/v1.3.0" name="x.asking" immediate="true">
                  <implementation class="forge.ai.runtime.deploy.sample.Asking"/>
                  <property name="role" value="asking"/>
                  <service><provide interface="java.util.concurrent.Callable"/></service>
                  <reference name="answer" interface="java.util.function.Supplier" target="(role=answer)"
                      cardinality="0..n" policy="dynamic" policy-option="greedy" bind="bind" unbind="unbind"/>
                </scr:component>""", Asking.class);
        content.putAll(siblings(LeaseRouter.class));
        return content;
    }

    private static Map<String, byte[]> content(String component, Class<?>... classes) {
        Map<String, byte[]> content = new TreeMap<>();
        content.put("OSGI-INF/component.xml", component.getBytes(StandardCharsets.UTF_8));
        for (Class<?> type : classes) {
            content.put(entry(type), bytes(type, entry(type)));
        }
        return content;
    }

    private static String entry(Class<?> type) {
        return type.getName().replace('.', '/') + ".class";
    }

    private static byte[] bytes(Class<?> type, String entry) {
        try (InputStream in = type.getClassLoader().getResourceAsStream(entry)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** All classes of the package of a class, as they lie in the jar or the folder that it comes from. */
    private static Map<String, byte[]> siblings(Class<?> type) {
        Map<String, byte[]> content = new HashMap<>();
        String folder = type.getPackageName().replace('.', '/');
        try {
            Path source = Path.of(
                    type.getProtectionDomain().getCodeSource().getLocation().toURI());
            if (Files.isDirectory(source)) {
                try (Stream<Path> files = Files.list(source.resolve(folder))) {
                    files.map(file -> folder + "/" + file.getFileName()).forEach(e -> content.put(e, bytes(type, e)));
                }
            } else {
                try (var jar = new java.util.jar.JarFile(source.toFile())) {
                    jar.stream()
                            .map(java.util.zip.ZipEntry::getName)
                            .filter(e -> e.startsWith(folder) && e.endsWith(".class"))
                            .forEach(e -> content.put(e, bytes(type, e)));
                }
            }
        } catch (IOException | java.net.URISyntaxException e) {
            throw new IllegalStateException(e);
        }
        return content;
    }
}
