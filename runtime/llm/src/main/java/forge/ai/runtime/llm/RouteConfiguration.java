package forge.ai.runtime.llm;

import forge.ai.api.ErrorCode;
import forge.ai.runtime.support.limit.Limits;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One configured route. A change is taken in place: calls in flight finish on the plan that they began with. */
@Component(
        service = RouteConfiguration.class,
        immediate = true,
        configurationPid = RouteConfiguration.PID,
        configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = RouteConfiguration.Config.class, factory = true)
public final class RouteConfiguration {

    static final String PID = "forge.ai.route";

    private static final Logger LOG = LoggerFactory.getLogger(RouteConfiguration.class);

    @ObjectClassDefinition(
            name = "Route",
            description = "A name that callers use for a model, and where calls to it go")
    public @interface Config {
        @AttributeDefinition(description = "the name; by default what follows the ~ in the name of the file")
        String name() default "";

        @AttributeDefinition(
                description = "where calls go: provider/model[;weight=N][;vision=false][;tools=false][;context=N]")
        String[] targets() default {};

        @AttributeDefinition(description = "priority, weighted, least-latency, least-busy or cheapest")
        String strategy() default "priority";

        @AttributeDefinition(description = "the most attempts for one call, retries and fallbacks together")
        int attempts() default 3;

        @AttributeDefinition(
                description = "the longest time for all attempts together; of a stream, until its first piece")
        long deadlineMillis() default 600_000;

        @AttributeDefinition(
                description = "the longest time for one attempt; 0: an even share of the deadline for each target left")
        long attemptMillis() default 0;

        @AttributeDefinition(description = "codes of the errors after which another target is tried")
        String[] fallbackOn() default {
            "RATE_LIMITED",
            "UNAVAILABLE",
            "TIMEOUT",
            "RESOURCE_EXHAUSTED",
            "PROTOCOL",
            "INTERNAL",
            "QUOTA",
            "AUTHENTICATION",
            "CONTEXT_LENGTH",
            "CONTENT_FILTERED"
        };

        @AttributeDefinition(
                description = "which requests get an answer that was given before: off; repeatable, those with"
                        + " temperature 0, topK 1 or a seed; all")
        String cache() default "off";

        @AttributeDefinition(description = "how long an answer is given again")
        long cacheSeconds() default 3_600;

        @AttributeDefinition(description = "the most calls in any minute; 0: no limit")
        long requestsPerMinute() default 0;

        @AttributeDefinition(description = "the most tokens in any minute, input and output together; 0: no limit")
        long tokensPerMinute() default 0;

        @AttributeDefinition(description = "the most calls at a time; 0: no limit")
        int parallel() default 0;
    }

    private volatile RoutePlan plan;

    @Activate
    public RouteConfiguration(Config config, Map<String, Object> properties) {
        plan = plan(config, properties);
    }

    /** A wrong change is refused and logged; what held before goes on. */
    @Modified
    public void modified(Config config, Map<String, Object> properties) {
        try {
            plan = plan(config, properties);
        } catch (IllegalArgumentException e) {
            LOG.error("{}; route '{}' stays as it was", e.getMessage(), plan.route());
        }
    }

    RoutePlan plan() {
        return plan;
    }

    private static RoutePlan plan(Config config, Map<String, Object> properties) {
        String pid = String.valueOf(properties.getOrDefault("service.pid", PID));
        String name = config.name().isBlank() ? pid.substring(pid.indexOf('~') + 1) : config.name();
        try {
            return new RoutePlan(
                    name,
                    strategy(config.strategy()),
                    targets(config.targets()),
                    Settings.count("attempts", config.attempts()),
                    Settings.millis(1, "deadlineMillis", config.deadlineMillis()),
                    Optional.of(Settings.millis(0, "attemptMillis", config.attemptMillis()))
                            .filter(Duration::isPositive),
                    codes(config.fallbackOn()),
                    CachePolicy.of(config.cache(), config.cacheSeconds()),
                    Limits.of(config.requestsPerMinute(), config.tokensPerMinute(), config.parallel()));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(pid + ": " + e.getMessage());
        }
    }

    private static List<Target> targets(String[] texts) {
        if (texts.length == 0) {
            throw new IllegalArgumentException("targets: at least one provider/model is needed");
        }
        try {
            return Stream.of(texts).map(Target::parse).toList();
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("targets: " + e.getMessage());
        }
    }

    private static Strategy strategy(String key) {
        return Stream.of(Strategy.values())
                .filter(strategy -> strategy.key().equals(key))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("strategy = '" + key + "': allowed is "
                        + Stream.of(Strategy.values()).map(Strategy::key).collect(Collectors.joining(", "))));
    }

    private static Set<ErrorCode> codes(String[] names) {
        Set<ErrorCode> codes = EnumSet.noneOf(ErrorCode.class);
        for (String name : names) {
            try {
                codes.add(ErrorCode.valueOf(name.strip().toUpperCase(Locale.ROOT)));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(
                        "fallbackOn: '" + name + "': allowed are " + Arrays.toString(ErrorCode.values()));
            }
        }
        return codes;
    }
}
