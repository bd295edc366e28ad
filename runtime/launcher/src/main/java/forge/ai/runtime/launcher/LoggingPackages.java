package forge.ai.runtime.launcher;

import java.util.StringJoiner;

/** What of the launcher's class path bundles see: one log for all of the process, from its first line. */
final class LoggingPackages {

    private static final String[] SLF4J = {
        "org.slf4j", "org.slf4j.event", "org.slf4j.helpers", "org.slf4j.spi",
    };
    private static final String[] LOGBACK = {
        "ch.qos.logback.classic", "ch.qos.logback.classic.spi", "ch.qos.logback.core", "ch.qos.logback.core.spi",
    };

    private LoggingPackages() {}

    static String exported() {
        StringJoiner exported = new StringJoiner(",");
        for (String name : SLF4J) {
            exported.add(name + ";version=2.0.17");
            // Much of the ecosystem still asks for [1.7,2); the API it uses is the same.
            exported.add(name + ";version=1.7.36");
        }
        for (String name : LOGBACK) {
            exported.add(name + ";version=1.5.38");
        }
        return exported.toString();
    }
}
