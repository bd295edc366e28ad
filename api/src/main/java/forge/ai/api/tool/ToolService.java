package forge.ai.api.tool;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.osgi.service.component.annotations.ComponentPropertyType;

/**
 * Marks a component whose {@link ToolMethod}s are tools: sets the service property {@link #PROPERTY}. A service that is
 * registered by hand sets the property itself.
 */
@ComponentPropertyType
@Retention(RetentionPolicy.CLASS)
@Target(ElementType.TYPE)
public @interface ToolService {

    /** Prefix of the property's name, as declarative services want it. */
    String PREFIX_ = "forge.ai.";

    /** The service property, of whatever value. */
    String PROPERTY = "forge.ai.tool.service";
}
