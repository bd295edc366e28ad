package forge.ai.console.shell;

/**
 * One use of a command.
 *
 * @param words what was typed
 * @param output where the answer goes
 */
record Call(Words words, Output output) {}
