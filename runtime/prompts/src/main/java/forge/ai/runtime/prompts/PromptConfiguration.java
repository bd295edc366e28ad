package forge.ai.runtime.prompts;

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

/** One configured prompt; a change is taken in place. */
@Component(
        service = PromptConfiguration.class,
        immediate = true,
        configurationPid = PromptConfiguration.PID,
        configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = PromptConfiguration.Config.class, factory = true)
public final class PromptConfiguration {

    static final String PID = "forge.ai.prompt";

    private static final Logger LOG = LoggerFactory.getLogger(PromptConfiguration.class);

    @ObjectClassDefinition(name = "Prompt", description = "Messages with places for values")
    public @interface Config {
        @AttributeDefinition(description = "the name; by default what follows the ~ in the name of the file")
        String name() default "";

        @AttributeDefinition(description = "what it is for")
        String description() default "";

        @AttributeDefinition(
                description =
                        "{\"role\": \"system\", \"user\" or \"assistant\", \"text\": \"...{{variable}}...\"} each")
        String[] messages() default {};

        @AttributeDefinition(
                description = "{\"variable\": {\"type\": \"string\", ...}, ...}: what may stand in the places")
        String variables() default "{}";
    }

    private volatile Prompt prompt;

    @Activate
    public PromptConfiguration(Config config, Map<String, Object> properties) {
        prompt = read(config, properties);
    }

    /** A wrong change is refused and logged; what held before goes on. */
    @Modified
    public void modified(Config config, Map<String, Object> properties) {
        try {
            prompt = read(config, properties);
        } catch (IllegalArgumentException e) {
            LOG.error("{}; prompt '{}' stays as it was", e.getMessage(), prompt.name());
        }
    }

    Prompt prompt() {
        return prompt;
    }

    private static Prompt read(Config config, Map<String, Object> properties) {
        String pid = String.valueOf(properties.getOrDefault("service.pid", PID));
        String name = config.name().isBlank() ? pid.substring(pid.indexOf('~') + 1) : config.name();
        try {
            return Prompt.of(name, config);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(pid + ": " + e.getMessage());
        }
    }
}
