package forge.ai.runtime.callers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import forge.ai.api.AuthenticationException;
import forge.ai.api.RateLimitedException;
import forge.ai.api.llm.Admission;
import forge.ai.api.llm.Caller;
import forge.ai.api.llm.Callers;
import forge.ai.api.llm.RateLimits;
import forge.ai.runtime.testkit.Configs;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class KeyedCallersTest {

    private final KeyedCallers callers = new KeyedCallers();

    private static KeyConfiguration.Config config(Callers.NewKey key, Map<String, ?> values) {
        Map<String, Object> all = new HashMap<>(values);
        all.put("hash", key.hash());
        return Configs.of(KeyConfiguration.Config.class, all);
    }

    private static Map<String, Object> pid(String name) {
        return Map.of("service.pid", "forge.ai.key~" + name);
    }

    private KeyConfiguration add(String name, Callers.NewKey key, Map<String, ?> values) {
        KeyConfiguration configuration = new KeyConfiguration(config(key, values), pid(name));
        callers.bindKey(configuration);
        return configuration;
    }

    private Admission admit(Caller caller) {
        return callers.admit(caller, 10, 10, BigDecimal.ZERO);
    }

    @Test
    void aKeyIsFoundByWhatWasShownOnceAndKeptNowhere() {
        assertThat(callers.closed()).isFalse();
        Callers.NewKey key = callers.newKey();
        assertThat(key.key()).matches("forge-[A-Za-z0-9_-]{43}");
        assertThat(key.hash()).matches("sha256:[0-9a-f]{64}");
        assertThat(key.toString()).doesNotContain(key.key());
        add("team", key, Map.of("roles", new String[] {"use", "operate"}, "routes", new String[] {"r"}));
        assertThat(callers.closed()).isTrue();
        assertThat(callers.authenticate(key.key()))
                .isEqualTo(new Caller("team", Set.of("use", "operate"), List.of("r")));
        for (String wrong : List.of("", key.key().substring(1), key.key() + " ", key.hash(), "forge-")) {
            assertThatThrownBy(() -> callers.authenticate(wrong))
                    .isInstanceOf(AuthenticationException.class)
                    .hasMessageNotContaining(key.key());
        }
    }

    @Test
    void aKeyThatWasTakenAwayIsNobodysAtOnce() {
        Callers.NewKey key = callers.newKey();
        KeyConfiguration configuration = add("team", key, Map.of());
        Caller caller = callers.authenticate(key.key());
        callers.unbindKey(configuration);
        assertThatThrownBy(() -> callers.authenticate(key.key())).isInstanceOf(AuthenticationException.class);
        assertThatThrownBy(() -> admit(caller)).isInstanceOf(AuthenticationException.class);
    }

    @Test
    void whatWasUsedCountsWhenTheConfigurationChangesOrIsWrittenAnew() {
        Callers.NewKey key = callers.newKey();
        KeyConfiguration configuration = add("team", key, Map.of("requestsPerMinute", 2L));
        Caller caller = callers.authenticate(key.key());
        admit(caller).close();
        configuration.modified(config(key, Map.of("requestsPerMinute", 3L)), pid("team"));
        callers.updatedKey(configuration);
        admit(caller).close();
        callers.unbindKey(configuration);
        add("team", key, Map.of("requestsPerMinute", 3L));
        admit(caller).close();
        assertThatThrownBy(() -> admit(caller))
                .isInstanceOf(RateLimitedException.class)
                .hasMessageContaining("requestsPerMinute = 3");
        assertThat(callers.list()).singleElement().satisfies(status -> {
            assertThat(status.caller()).isEqualTo(caller);
            assertThat(status.active()).isZero();
            assertThat(status.limits().requests())
                    .hasValueSatisfying(l -> assertThat(l.remaining()).isZero());
        });
    }

    @Test
    void anAdmissionIsSettledOnceAndSaysWhatIsLeft() {
        Callers.NewKey key = callers.newKey();
        add("team", key, Map.of("tokensPerMinute", 100L, "parallel", 1));
        Caller caller = callers.authenticate(key.key());
        try (Admission admission = admit(caller)) {
            assertThat(admission.limits().tokens().map(RateLimits.Limit::remaining))
                    .hasValue(80L);
            assertThatThrownBy(() -> admit(caller)).hasMessageContaining("parallel = 1");
            admission.settle(30, BigDecimal.ONE);
            admission.settle(1, BigDecimal.ONE);
            assertThat(callers.limits(caller).tokens().map(RateLimits.Limit::remaining))
                    .hasValue(70L);
        }
        admit(caller).close();
        assertThat(callers.list().getFirst().spent()).isEqualByComparingTo("1");
    }

    @Test
    void whoDoesNotSayWhoItIsHasNoLimits() {
        add("team", callers.newKey(), Map.of("requestsPerMinute", 1L));
        for (int i = 0; i < 10; i++) {
            admit(Caller.ANONYMOUS).close();
        }
        assertThat(callers.limits(Caller.ANONYMOUS)).isEqualTo(RateLimits.NONE);
    }

    @Test
    void aWrongConfigurationIsRefusedNamingKeyAndWhatIsAllowedAndTheLastGoodOneStays() {
        Callers.NewKey key = callers.newKey();
        Map<Map<String, ?>, String> wrong = Map.of(
                Map.of("requestsPerMinute", -1L), "requestsPerMinute = -1: allowed is 0",
                Map.of("roles", new String[] {"king"}), "roles = [king]: allowed are use, operate, admin",
                Map.of("budget", -1.0), "budget = -1.0: allowed is 0",
                Map.of("budgetWindow", "year"), "budgetWindow = 'year': allowed is hour",
                Map.of("name", "anonymous"), "name = 'anonymous'");
        wrong.forEach((values, message) -> assertThatThrownBy(() -> add("team", key, values))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("forge.ai.key~team: " + message));
        assertThatThrownBy(() -> new KeyConfiguration(
                        Configs.of(KeyConfiguration.Config.class, Map.of("hash", "my-secret")), pid("team")))
                .hasMessageContaining("sha256:")
                .hasMessageNotContaining("my-secret");
        KeyConfiguration configuration = add("team", key, Map.of("requestsPerMinute", 1L));
        configuration.modified(config(key, Map.of("requestsPerMinute", -1L)), pid("team"));
        callers.updatedKey(configuration);
        Caller caller = callers.authenticate(key.key());
        admit(caller).close();
        assertThatThrownBy(() -> admit(caller)).isInstanceOf(RateLimitedException.class);
    }
}
