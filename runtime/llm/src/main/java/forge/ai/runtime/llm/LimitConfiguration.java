package forge.ai.runtime.llm;

import forge.ai.runtime.support.limit.Limits;
import java.util.Map;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The configured limits of a provider, or of a model of it. A change is taken in place: what was used counts. */
@Component(
        service = LimitConfiguration.class,
        immediate = true,
        configurationPid = LimitConfiguration.PID,
        configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = LimitConfiguration.Config.class, factory = true)
public final class LimitConfiguration {

    static final String PID = "forge.ai.limit";

    private static final Logger LOG = LoggerFactory.getLogger(LimitConfiguration.class);

    @ObjectClassDefinition(name = "Limit", description = "How much a provider, or a model of it, is used")
    public @interface Config {
        @AttributeDefinition(
                description = "the provider's name, or provider/model; by default what follows the ~ in the name of the"
                        + " file")
        String target() default "";

        @AttributeDefinition(description = "the most attempts in any minute; 0: no limit")
        long requestsPerMinute() default 0;

        @AttributeDefinition(description = "the most tokens in any minute, input and output together; 0: no limit")
        long tokensPerMinute() default 0;

        @AttributeDefinition(description = "the most attempts at a time; 0: no limit")
        int parallel() default 0;
    }

    /** What is limited, and to what. */
    record Limited(String target, Limits limits) {}

    private volatile Limited limited;

    @Activate
    public LimitConfiguration(Config config, Map<String, Object> properties) {
        limited = limited(config, properties);
    }

    /** A wrong change is refused and logged; what held before goes on. */
    @Modified
    public void modified(Config config, Map<String, Object> properties) {
        try {
            limited = limited(config, properties);
        } catch (IllegalArgumentException e) {
            LOG.error("{}; the limit stays as it was", e.getMessage());
        }
    }

    Limited limited() {
        return limited;
    }

    private static Limited limited(Config config, Map<String, Object> properties) {
        String pid = String.valueOf(properties.getOrDefault("service.pid", PID));
        try {
            return new Limited(
                    config.target().isBlank() ? pid.substring(pid.indexOf('~') + 1) : config.target(),
                    Limits.of(config.requestsPerMinute(), config.tokensPerMinute(), config.parallel()));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(pid + ": " + e.getMessage());
        }
    }
}
