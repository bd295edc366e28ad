package forge.ai.provider.local.jinja;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The only value that a template can change. */
record Namespace(Map<String, @Nullable Object> values) {}
