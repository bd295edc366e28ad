package forge.ai.runtime.server.responses;

import forge.ai.api.llm.Completion;
import forge.ai.api.llm.FinishReason;
import forge.ai.api.llm.Usage;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The answer to a request that only prepares the next one: nobody is asked. */
final class Silence {

    private Silence() {}

    static Completion of(String model) {
        return new Completion(
                "",
                model,
                List.of(),
                FinishReason.STOP,
                "",
                Optional.of(Usage.of(0, 0)),
                List.of(),
                Map.of(),
                Optional.empty(),
                Optional.empty());
    }
}
