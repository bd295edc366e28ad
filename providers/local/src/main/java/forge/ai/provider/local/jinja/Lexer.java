package forge.ai.provider.local.jinja;

import forge.ai.provider.local.jinja.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Cuts a template into pieces. */
final class Lexer {

    private static final Pattern RAW_BEGIN = Pattern.compile("\\{%[-+]?\\s*raw\\s*[-+]?%}");
    private static final Pattern RAW_END = Pattern.compile("\\{%([-+]?)\\s*endraw\\s*([-+]?)%}");
    private static final Pattern NUMBER = Pattern.compile("\\d[\\d_]*(\\.\\d+)?([eE][+-]?\\d+)?");
    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
    private static final List<String> SYMBOLS = List.of("**", "//", "==", "!=", "<=", ">=");

    private final String source;
    private final List<Token> tokens = new ArrayList<>();
    private int at;
    private int line = 1;

    Lexer(String source) {
        String unified = source.replace("\r\n", "\n").replace('\r', '\n');
        // A newline at the end of a file does not belong to the template.
        this.source = unified.endsWith("\n") ? unified.substring(0, unified.length() - 1) : unified;
    }

    List<Token> tokens() {
        boolean strip = false;
        while (at < source.length()) {
            int begin = next();
            text(begin, strip);
            if (begin == source.length()) {
                break;
            }
            at = begin;
            Matcher raw = RAW_BEGIN.matcher(source).region(at, source.length());
            if (raw.lookingAt()) {
                strip = raw(raw.end());
            } else if (source.charAt(at + 1) == '#') {
                int end = source.indexOf("#}", at + 2);
                check(end >= 0, "a comment has no end");
                strip = source.charAt(end - 1) == '-' && end > at + 2;
                move(end + 2);
                trimNewline(strip);
            } else {
                strip = code(source.charAt(at + 1) == '%');
            }
        }
        add(Kind.END, "end of the template");
        return tokens;
    }

    /** Where the next piece begins that is not text. */
    private int next() {
        for (int i = at; i + 1 < source.length(); i++) {
            if (source.charAt(i) == '{' && "%{#".indexOf(source.charAt(i + 1)) >= 0) {
                return i;
            }
        }
        return source.length();
    }

    private void text(int end, boolean stripped) {
        String text = source.substring(at, end);
        if (stripped) {
            text = text.stripLeading();
        }
        if (end + 2 < source.length()) {
            char mark = source.charAt(end + 2);
            if (mark == '-') {
                text = text.stripTrailing();
            } else if (source.charAt(end + 1) != '{' && mark != '+') {
                text = withoutIndent(text, stripped && at > 0);
            }
        }
        if (!text.isEmpty()) {
            tokens.add(new Token(Kind.TEXT, text, line));
        }
        move(end);
    }

    /** The blanks before a block that begins its line do not count. */
    private String withoutIndent(String text, boolean stripped) {
        int end = text.length();
        while (end > 0 && (text.charAt(end - 1) == ' ' || text.charAt(end - 1) == '\t')) {
            end--;
        }
        boolean beginsLine =
                end == 0 ? !stripped && (at == 0 || source.charAt(at - 1) == '\n') : text.charAt(end - 1) == '\n';
        return beginsLine ? text.substring(0, end) : text;
    }

    private boolean raw(int begin) {
        Matcher end = RAW_END.matcher(source);
        check(end.find(begin), "raw has no end");
        move(begin);
        trimNewline(false);
        String text = source.substring(at, Math.max(at, end.start()));
        tokens.add(new Token(Kind.TEXT, end.group(1).equals("-") ? text.stripTrailing() : text, line));
        move(end.end());
        boolean strip = end.group(2).equals("-");
        trimNewline(strip);
        return strip;
    }

    /** Reads a block or an output to its end; whether blanks behind it are to be left out. */
    private boolean code(boolean block) {
        String close = block ? "%}" : "}}";
        add(block ? Kind.BLOCK_BEGIN : Kind.OUTPUT_BEGIN, block ? "{%" : "{{");
        at += 2;
        if (at < source.length() && (source.charAt(at) == '-' || source.charAt(at) == '+')) {
            at++;
        }
        int open = 0;
        while (true) {
            blanks();
            check(at < source.length(), close + " is missing");
            boolean minus = open == 0 && source.startsWith("-" + close, at);
            boolean plus = open == 0 && source.startsWith("+" + close, at);
            if (minus || plus || open == 0 && source.startsWith(close, at)) {
                add(block ? Kind.BLOCK_END : Kind.OUTPUT_END, close);
                move(at + (minus || plus ? 3 : 2));
                if (block && !plus) {
                    trimNewline(minus);
                }
                return minus;
            }
            open += switch (source.charAt(at)) {
                case '(', '[', '{' -> 1;
                case ')', ']', '}' -> -1;
                default -> 0;
            };
            token();
        }
    }

    private void token() {
        char c = source.charAt(at);
        if (c == '"' || c == '\'') {
            string(c);
            return;
        }
        Matcher number = NUMBER.matcher(source).region(at, source.length());
        Matcher name = NAME.matcher(source).region(at, source.length());
        if (number.lookingAt()) {
            boolean real = number.group(1) != null || number.group(2) != null;
            add(real ? Kind.REAL : Kind.INTEGER, number.group().replace("_", ""));
            at = number.end();
        } else if (name.lookingAt()) {
            add(Kind.NAME, name.group());
            at = name.end();
        } else {
            String symbol = SYMBOLS.stream()
                    .filter(s -> source.startsWith(s, at))
                    .findFirst()
                    .orElse(String.valueOf(c));
            check("()[]{}.,:|~+-*/%<>=!".indexOf(c) >= 0, "'" + c + "' is not expected");
            add(Kind.SYMBOL, symbol);
            at += symbol.length();
        }
    }

    private void string(char quote) {
        StringBuilder text = new StringBuilder();
        int begin = at++;
        while (at < source.length() && source.charAt(at) != quote) {
            char c = source.charAt(at++);
            if (c != '\\' || at == source.length()) {
                text.append(c);
                continue;
            }
            char escaped = source.charAt(at++);
            switch (escaped) {
                case 'n' -> text.append('\n');
                case 't' -> text.append('\t');
                case 'r' -> text.append('\r');
                case 'u' -> text.append(hex(4));
                case 'x' -> text.append(hex(2));
                case '\n' -> {}
                case '\\', '\'', '"' -> text.append(escaped);
                default -> text.append('\\').append(escaped);
            }
        }
        check(at < source.length(), "a text has no end");
        add(Kind.STRING, text.toString());
        int end = at + 1;
        at = begin;
        move(end);
    }

    private char hex(int digits) {
        check(at + digits <= source.length(), "a text has no end");
        try {
            char value = (char) Integer.parseInt(source, at, at + digits, 16);
            at += digits;
            return value;
        } catch (NumberFormatException e) {
            throw new TemplateException("line " + line + ": an escape in a text is not hexadecimal");
        }
    }

    private void blanks() {
        int end = at;
        while (end < source.length() && Character.isWhitespace(source.charAt(end))) {
            end++;
        }
        move(end);
    }

    /** The newline right behind a block does not count. */
    private void trimNewline(boolean stripped) {
        if (!stripped && at < source.length() && source.charAt(at) == '\n') {
            move(at + 1);
        }
    }

    private void move(int to) {
        for (; at < to; at++) {
            if (source.charAt(at) == '\n') {
                line++;
            }
        }
    }

    private void add(Kind kind, String text) {
        tokens.add(new Token(kind, text, line));
    }

    private void check(boolean good, String message) {
        if (!good) {
            throw new TemplateException("line " + line + ": " + message);
        }
    }
}
