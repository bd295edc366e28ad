package forge.ai.runtime.server;

import forge.ai.api.llm.Callers;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** Makes keys in a running server. */
final class Keys {

    private Keys() {}

    /** Configures a key and waits until it is known; returns it. */
    static String create(RunningServer server, String name, Map<String, Object> values) throws Exception {
        Callers callers = server.framework().await(Callers.class, "(objectClass=*)", Duration.ofSeconds(10));
        Callers.NewKey key = callers.newKey();
        Map<String, Object> all = new HashMap<>(values);
        all.put("hash", key.hash());
        server.configure("forge.ai.key", name, all);
        while (callers.list().stream().noneMatch(s -> s.caller().name().equals(name))) {
            Thread.onSpinWait();
        }
        return key.key();
    }
}
