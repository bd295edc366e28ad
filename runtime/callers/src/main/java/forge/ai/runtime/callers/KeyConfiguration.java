package forge.ai.runtime.callers;

import forge.ai.api.llm.Caller;
import forge.ai.runtime.support.limit.Limits;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One configured key. A change is taken in place: what was used counts. */
@Component(
        service = KeyConfiguration.class,
        immediate = true,
        configurationPid = KeyConfiguration.PID,
        configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = KeyConfiguration.Config.class, factory = true)
public final class KeyConfiguration {

    static final String PID = "forge.ai.key";

    private static final Logger LOG = LoggerFactory.getLogger(KeyConfiguration.class);
    private static final Set<String> ROLES = Set.of(Caller.USE, Caller.OPERATE, Caller.ADMIN);

    @ObjectClassDefinition(name = "Key", description = "A caller, the key that it presents, and what it may use")
    public @interface Config {
        @AttributeDefinition(description = "the name; by default what follows the ~ in the name of the file")
        String name() default "";

        @AttributeDefinition(description = "of the key: " + KeyHash.FORM)
        String hash();

        @AttributeDefinition(description = "what the caller may do: use, operate, admin")
        String[] roles() default {Caller.USE};

        @AttributeDefinition(
                description = "the routes and models (provider/model, provider/*) that it may use; none: all")
        String[] routes() default {};

        @AttributeDefinition(description = "the most calls in any minute; 0: no limit")
        long requestsPerMinute() default 0;

        @AttributeDefinition(description = "the most tokens in any minute, input and output together; 0: no limit")
        long tokensPerMinute() default 0;

        @AttributeDefinition(description = "the most calls at a time; 0: no limit")
        int parallel() default 0;

        @AttributeDefinition(description = "what it may spend in a window, in the currency of the prices; 0: no limit")
        double budget() default 0;

        @AttributeDefinition(
                description = "the window, UTC: hour, day, week, month, total, or a number as in 12h or 30d")
        String budgetWindow() default "month";
    }

    /** The configuration, checked. */
    record Settings(Caller caller, KeyHash hash, Limits limits, Budget.Terms budget) {

        private static String name(String configured, String pid) {
            String name = configured.isBlank() ? pid.substring(pid.indexOf('~') + 1) : configured;
            if (name.equals(Caller.ANONYMOUS.name())) {
                throw new IllegalArgumentException("name = '" + name + "': that is the name of those without a key");
            }
            return name;
        }

        private static Set<String> roles(String[] names) {
            Set<String> roles = Set.copyOf(List.of(names));
            if (!ROLES.containsAll(roles)) {
                throw new IllegalArgumentException("roles = " + List.of(names) + ": allowed are use, operate, admin");
            }
            return roles;
        }

        private static Optional<BigDecimal> amount(double budget) {
            if (!(budget >= 0 && budget <= 1e12)) {
                throw new IllegalArgumentException("budget = " + budget + ": allowed is 0 (no limit) to 1e12");
            }
            return Optional.of(BigDecimal.valueOf(budget)).filter(b -> b.signum() > 0);
        }
    }

    private volatile Settings settings;

    @Activate
    public KeyConfiguration(Config config, Map<String, Object> properties) {
        settings = check(config, properties);
    }

    private static Settings check(Config config, Map<String, Object> properties) {
        String pid = String.valueOf(properties.getOrDefault("service.pid", PID));
        try {
            return new Settings(
                    new Caller(
                            Settings.name(config.name(), pid),
                            Settings.roles(config.roles()),
                            List.of(config.routes())),
                    KeyHash.parse(config.hash()),
                    Limits.of(config.requestsPerMinute(), config.tokensPerMinute(), config.parallel()),
                    new Budget.Terms(Settings.amount(config.budget()), BudgetWindow.of(config.budgetWindow())));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(pid + ": " + e.getMessage());
        }
    }

    Settings settings() {
        return settings;
    }

    /** A wrong change is refused and logged; what held before goes on. */
    @Modified
    public void modified(Config config, Map<String, Object> properties) {
        try {
            settings = check(config, properties);
        } catch (IllegalArgumentException e) {
            LOG.error("{}; the key stays as it was", e.getMessage());
        }
    }
}
