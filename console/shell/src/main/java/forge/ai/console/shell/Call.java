package forge.ai.console.shell;

import java.nio.file.Path;

/**
 * One use of a command.
 *
 * @param words what was typed
 * @param output where the answer goes
 * @param folder what relative paths begin at
 */
record Call(Words words, Output output, Path folder) {}
