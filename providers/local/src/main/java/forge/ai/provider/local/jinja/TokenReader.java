package forge.ai.provider.local.jinja;

import forge.ai.provider.local.jinja.Token.Kind;
import java.util.List;

/** Reads the pieces of a template one after the other. */
final class TokenReader {

    /** So deep may what is read lie in each other. */
    private static final int DEPTH = 100;

    private final List<Token> tokens;
    private int at;
    private int depth;

    TokenReader(List<Token> tokens) {
        this.tokens = tokens;
    }

    Token peek() {
        return tokens.get(at);
    }

    Token peek(int ahead) {
        return tokens.get(Math.min(at + ahead, tokens.size() - 1));
    }

    Token next() {
        Token token = tokens.get(at);
        if (token.kind() != Kind.END) {
            at++;
        }
        return token;
    }

    boolean isSymbol(String text) {
        return peek().is(Kind.SYMBOL, text);
    }

    boolean isName(String text) {
        return peek().is(Kind.NAME, text);
    }

    boolean skipSymbol(String text) {
        return skip(Kind.SYMBOL, text);
    }

    boolean skipName(String text) {
        return skip(Kind.NAME, text);
    }

    boolean skip(Kind kind, String text) {
        boolean found = peek().is(kind, text);
        if (found) {
            at++;
        }
        return found;
    }

    void symbol(String text) {
        if (!skipSymbol(text)) {
            throw unexpected(text);
        }
    }

    String name() {
        if (peek().kind() != Kind.NAME) {
            throw unexpected("a name");
        }
        return next().text();
    }

    void end(Kind kind) {
        if (peek().kind() != kind) {
            throw unexpected("the end of this");
        }
        at++;
    }

    TemplateException unexpected(String expected) {
        Token found = peek();
        return new TemplateException("line %d: expected %s, found %s".formatted(found.line(), expected, found.text()));
    }

    void enter() {
        if (++depth > DEPTH) {
            throw new TemplateException("line %d: more than %d deep".formatted(peek().line(), DEPTH));
        }
    }

    void leave() {
        depth--;
    }
}
