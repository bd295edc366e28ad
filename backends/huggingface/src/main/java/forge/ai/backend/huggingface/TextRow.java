package forge.ai.backend.huggingface;

import org.jspecify.annotations.Nullable;

/**
 * What is put before the network as one row.
 *
 * @param second what follows the first text, such as a question's context
 * @param owner the number of what was asked that it belongs to
 */
record TextRow(String first, @Nullable String second, int owner) {}
