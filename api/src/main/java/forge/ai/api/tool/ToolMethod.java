package forge.ai.api.tool;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A method of a service marked with {@link ToolService} that language models can have run.
 *
 * <p>Its parameters and result can be primitives and their boxes, {@code String}, {@code BigInteger} and
 * {@code BigDecimal}, enums, records, lists and maps by string of these, and {@code Optional} of these for what may be
 * left out; the result {@code void}, too. The JSON Schema of the arguments is derived from them, and arguments that do
 * not follow it never reach the method: the model is told what was wrong and where. What the method throws is told to
 * the model, its message included. Calls come as described at {@link CallableTool}.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface ToolMethod {

    /** What it does and when to use it. */
    String value();

    /** The name of the tool: 1 to 64 letters, digits, {@code _ -}; by default that of the method. */
    String name() default "";
}
