package forge.ai.provider.local;

/** Joins the bytes that byte-level tokens stand for. */
final class ByteLevelDetokenizer implements Detokenizer {

    private final TokenBytes vocabulary;
    private final Utf8Assembler assembler = new Utf8Assembler();

    ByteLevelDetokenizer(TokenBytes vocabulary) {
        this.vocabulary = vocabulary;
    }

    @Override
    public String add(int token) {
        return assembler.add(vocabulary.bytes(token));
    }

    @Override
    public String finish() {
        return assembler.finish();
    }
}
