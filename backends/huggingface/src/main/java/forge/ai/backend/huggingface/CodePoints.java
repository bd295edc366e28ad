package forge.ai.backend.huggingface;

/** Parts of texts by places counted as tokenizers count them, in code points. */
final class CodePoints {

    private CodePoints() {}

    static String part(String text, int from, int to) {
        int start = text.offsetByCodePoints(0, from);
        return text.substring(start, text.offsetByCodePoints(start, to - from));
    }
}
