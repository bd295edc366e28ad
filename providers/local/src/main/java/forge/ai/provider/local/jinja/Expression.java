package forge.ai.provider.local.jinja;

import org.jspecify.annotations.Nullable;

/** Something that has a value: null for {@code none}, and {@link Undefined} for what is not there. */
interface Expression {

    @Nullable
    Object value(Scope scope);
}
