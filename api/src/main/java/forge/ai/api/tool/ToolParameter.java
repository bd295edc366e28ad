package forge.ai.api.tool;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** What the model is told of a parameter of a {@link ToolMethod}, or of a component of a record in one. */
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.PARAMETER, ElementType.RECORD_COMPONENT})
public @interface ToolParameter {

    /** What it is. */
    String value() default "";

    /**
     * Its name. Needed for parameters, unless the class was compiled with {@code -parameters}; by default that of the
     * parameter or component.
     */
    String name() default "";
}
