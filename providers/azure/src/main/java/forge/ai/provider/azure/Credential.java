package forge.ai.provider.azure;

import java.util.Map;

/** What proves to Azure who calls. */
sealed interface Credential {

    /** The secret itself. */
    String secret();

    /** How it is sent. */
    Map<String, String> headers();

    /** One of the keys of a resource. */
    record Key(int index, String secret) implements Credential {
        @Override
        public Map<String, String> headers() {
            return Map.of("api-key", secret);
        }

        @Override
        public String toString() {
            return "Key[" + index + "]";
        }
    }

    /** A token of Entra. */
    record Token(String secret) implements Credential {
        @Override
        public Map<String, String> headers() {
            return Map.of("Authorization", "Bearer " + secret);
        }

        @Override
        public String toString() {
            return "Token[]";
        }
    }
}
