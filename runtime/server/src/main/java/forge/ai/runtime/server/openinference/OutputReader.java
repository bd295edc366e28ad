package forge.ai.runtime.server.openinference;

import java.io.IOException;
import java.util.Optional;

/** Reads one of the outputs that a request asks for. */
final class OutputReader {

    private final Cursor json;
    private final String at;
    private String name = "";
    private Optional<Boolean> asBytes = Optional.empty();

    OutputReader(Cursor json, String at) {
        this.json = json;
        this.at = at;
    }

    void read(InferBody into) throws IOException {
        json.object(at, "an object with a name", this::field);
        Cursor.require(!name.isEmpty(), at + ".name", "a text");
        into.outputs.add(name);
        asBytes.ifPresent(chosen -> (chosen ? into.asBytes : into.asJson).add(name));
    }

    private void field(String field) throws IOException {
        switch (field) {
            case "name" -> name = json.text(at + ".name");
            case "parameters" -> json.object(at + ".parameters", "an object", this::parameter);
            default -> json.skip();
        }
    }

    private void parameter(String parameter) throws IOException {
        if (parameter.equals("binary_data")) {
            asBytes = Optional.of(json.truth(at + ".parameters.binary_data"));
        } else {
            json.skip();
        }
    }
}
