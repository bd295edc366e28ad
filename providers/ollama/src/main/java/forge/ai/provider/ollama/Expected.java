package forge.ai.provider.ollama;

import org.jspecify.annotations.Nullable;

/**
 * What sort of answer is to come.
 *
 * @param fields where things stand in it
 * @param model the name to report where the answer does not say it
 * @param forced the call that its text is, or null if it is text
 * @param wire whether to give it as it came too
 */
record Expected(Fields fields, String model, @Nullable ForcedCall forced, boolean wire) {}
