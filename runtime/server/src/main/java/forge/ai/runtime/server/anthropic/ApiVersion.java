package forge.ai.runtime.server.anthropic;

import forge.ai.api.ErrorDetails;
import forge.ai.api.InvalidRequestException;
import forge.ai.runtime.server.Exchange;
import forge.ai.runtime.server.Fields;
import java.util.List;

/** The version of the API that a client speaks; who does not say it speaks the one that most do. */
enum ApiVersion {
    V2023("2023-06-01", List.of()),

    /** Models choose tokens as they like. */
    V2026("2026-10-21", List.of("temperature", "top_p", "top_k"));

    static final String HEADER = "anthropic-version";

    private final String date;
    private final List<String> gone;

    ApiVersion(String date, List<String> gone) {
        this.date = date;
        this.gone = gone;
    }

    static ApiVersion of(Exchange exchange) {
        String date = exchange.header(HEADER).orElse(V2023.date);
        for (ApiVersion version : values()) {
            if (version.date.equals(date)) {
                return version;
            }
        }
        throw new InvalidRequestException(
                HEADER + ": there is no such version here; allowed: " + V2023.date + ", " + V2026.date,
                ErrorDetails.NONE.withParameter(HEADER));
    }

    /** @throws InvalidRequestException if the request has a field that this version has no more */
    void check(Fields body) {
        for (String field : gone) {
            if (body.has(field)) {
                throw new InvalidRequestException(
                        field + ": is not there in version " + date + "; leave it out, or send " + HEADER + ": "
                                + V2023.date,
                        ErrorDetails.NONE.withParameter(field));
            }
        }
    }
}
