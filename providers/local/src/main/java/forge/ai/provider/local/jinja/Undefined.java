package forge.ai.provider.local.jinja;

/**
 * The value of what is not there: false, and no text; more cannot be asked of it.
 *
 * @param name what was asked for
 */
record Undefined(String name) {

    TemplateException refused() {
        return new TemplateException("'" + name + "' is undefined");
    }
}
