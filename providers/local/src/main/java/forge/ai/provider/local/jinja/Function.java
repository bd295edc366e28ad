package forge.ai.provider.local.jinja;

import org.jspecify.annotations.Nullable;

/** What can be called: a macro, a method or a function. */
interface Function {

    @Nullable
    Object call(Scope scope, Arguments arguments);
}
