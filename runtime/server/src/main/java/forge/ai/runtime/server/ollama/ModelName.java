package forge.ai.runtime.server.ollama;

import forge.ai.runtime.server.Fields;

/**
 * A model's name in two parts.
 *
 * @param provider before the first slash, or empty
 * @param model after it
 */
record ModelName(String provider, String model) {

    /** That of a request; older clients call it {@code name}. */
    static String asked(Fields body) {
        return body.has("model") ? body.required("model") : body.required("name");
    }

    static ModelName of(String name) {
        int slash = name.indexOf('/');
        return slash < 0 ? new ModelName("", name) : new ModelName(name.substring(0, slash), name.substring(slash + 1));
    }
}
