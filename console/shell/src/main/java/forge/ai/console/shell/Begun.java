package forge.ai.console.shell;

import java.nio.file.Path;

/**
 * A word that is being typed.
 *
 * @param place the parameter, or the value of an option, that it is to become
 * @param text what of it is there
 * @param folder what relative paths begin at
 */
record Begun(String place, String text, Path folder) {}
