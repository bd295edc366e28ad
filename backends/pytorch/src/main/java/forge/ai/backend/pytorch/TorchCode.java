package forge.ai.backend.pytorch;

import forge.ai.api.InvalidRequestException;
import forge.ai.api.UnsupportedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One file of an archive's code: the text of TorchScript that libtorch compiles. What would reach outside of the process
 * is refused, and so is what nests deeper than code that PyTorch writes: the native compiler would run out of stack.
 *
 * @param file its name, for messages
 * @param text all of it
 */
record TorchCode(String file, String text) {

    private static final int DEEPEST = 200;
    private static final int LONGEST = 4000;

    /** These read and write files, under whatever object they are called. */
    private static final Pattern FILES = Pattern.compile("\\b(save|from_file)\\b");

    private static final Pattern NAMESPACE = Pattern.compile("\\bops\\s*\\.\\s*(\\w+)");
    private static final Set<String> NAMESPACES = Set.of(
            "aten",
            "prim",
            "prims",
            "quantized",
            "_quantized",
            "prepacked",
            "mkldnn",
            "mkldnn_prepacked",
            "onednn",
            "sparse",
            "torchvision");

    private static final Pattern NATIVE_CLASS = Pattern.compile("\\btorch\\s*\\.\\s*classes\\s*\\.\\s*(\\w+)");
    private static final Set<String> NATIVE_CLASSES = Set.of("quantized", "rnn", "sparse");

    /** A name in a text could be hidden by an escape. */
    private static final Pattern HIDDEN = Pattern.compile("\\bgetattr\\s*\\([^\\n]*?[\"'][^\"'\\n]*\\\\");

    /** @throws forge.ai.api.ForgeException if it may not be compiled */
    void check() {
        refuse(FILES, Set.of(), "calls %s, which reaches files");
        refuse(NAMESPACE, NAMESPACES, "calls operators of %s, which are not of PyTorch's own for computing");
        refuse(NATIVE_CLASS, NATIVE_CLASSES, "uses native classes of %s, which are not for computing");
        if (HIDDEN.matcher(text).find()) {
            throw new UnsupportedException(file + " asks for an attribute by an escaped name");
        }
        refuseTooDeep();
    }

    private void refuse(Pattern pattern, Set<String> allowed, String why) {
        Matcher matcher = pattern.matcher(text);
        while (matcher.find()) {
            if (!allowed.contains(matcher.group(1))) {
                throw new UnsupportedException(file + " " + why.formatted(matcher.group(1)));
            }
        }
    }

    /** Brackets, indentation, and what stands between two commas: a chain of operators nests as deep as it is long. */
    private void refuseTooDeep() {
        int open = 0;
        int length = 0;
        int indentation = 0;
        boolean lineStart = true;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\'' || c == '#') {
                i = end(i, c);
                length++;
                continue;
            }
            lineStart = c == '\n' || lineStart && c == ' ';
            indentation = c == '\n' ? 0 : indentation + (lineStart ? 1 : 0);
            open += c == '(' || c == '[' || c == '{' ? 1 : c == ')' || c == ']' || c == '}' ? -1 : 0;
            length = c == ',' || c == '\n' && open <= 0 ? 0 : length + (Character.isWhitespace(c) ? 0 : 1);
            if (open > DEEPEST || indentation > 2 * DEEPEST || length > LONGEST) {
                throw new UnsupportedException(file + " nests deeper than code that PyTorch writes");
            }
        }
    }

    /** The last character of a text in quotes, or the last one before the end of a line for a comment. */
    private int end(int from, char mark) {
        int i = from + 1;
        while (i < text.length() && text.charAt(i) != (mark == '#' ? '\n' : mark)) {
            i += mark != '#' && text.charAt(i) == '\\' ? 2 : 1;
        }
        return mark == '#' ? i - 1 : i;
    }

    /**
     * A parameter of a method.
     *
     * @param name its name
     * @param type its type as it is written
     * @param optional whether it may be left out
     */
    record Parameter(String name, String type, boolean optional) {}

    /**
     * What a method takes and gives.
     *
     * @param parameters without the object itself
     * @param result its type as it is written
     */
    record Method(List<Parameter> parameters, String result) {

        Method {
            parameters = List.copyOf(parameters);
        }
    }

    /** The method {@code forward} of a class of this file. */
    Method forward(String type) {
        Matcher header = Pattern.compile("(?m)^class " + Pattern.quote(type) + "\\(Module\\):")
                .matcher(text);
        if (header.find()) {
            Matcher next = Pattern.compile("(?m)^class ").matcher(text);
            int end = next.find(header.end()) ? next.start() : text.length();
            Matcher method = Pattern.compile("\\n {2}def forward\\(").matcher(text);
            if (method.find(header.end()) && method.start() < end) {
                return method(method.end());
            }
        }
        throw new InvalidRequestException(file + " has no class " + type + " with a method forward");
    }

    private Method method(int from) {
        int close = closing(from);
        List<Parameter> parameters = new ArrayList<>();
        for (String part : split(text.substring(from, close))) {
            String[] named = part.split(":", 2);
            String[] typed = named.length < 2 ? new String[] {"Tensor"} : named[1].split("=", 2);
            parameters.add(new Parameter(named[0].strip(), typed[0].strip(), typed.length > 1));
        }
        Matcher result = Pattern.compile("\\s*->\\s*([^\\n]+):\\s*\\n").matcher(text);
        result.region(close + 1, text.length());
        return new Method(
                parameters.subList(Math.min(1, parameters.size()), parameters.size()),
                result.lookingAt() ? result.group(1).strip() : "");
    }

    private int closing(int from) {
        int open = 1;
        for (int i = from; i < text.length(); i++) {
            char c = text.charAt(i);
            open += c == '(' || c == '[' ? 1 : c == ')' || c == ']' ? -1 : 0;
            if (open == 0) {
                return i;
            }
        }
        throw new InvalidRequestException(file + " is damaged");
    }

    /** The parts between commas that are in no bracket. */
    static List<String> split(String list) {
        List<String> parts = new ArrayList<>();
        int open = 0;
        int from = 0;
        for (int i = 0; i < list.length(); i++) {
            char c = list.charAt(i);
            open += c == '(' || c == '[' ? 1 : c == ')' || c == ']' ? -1 : 0;
            if (c == ',' && open == 0) {
                parts.add(list.substring(from, i).strip());
                from = i + 1;
            }
        }
        parts.add(list.substring(from).strip());
        parts.removeIf(String::isEmpty);
        return parts;
    }
}
