package forge.ai.provider.anthropic;

import forge.ai.api.llm.CompletionStream;
import forge.ai.runtime.support.attempt.AttemptedCall;
import forge.ai.runtime.support.attempt.AttemptedStream;
import forge.ai.runtime.support.http.Endpoint;
import forge.ai.runtime.support.http.HttpAnswer;
import forge.ai.runtime.support.http.HttpStream;
import forge.ai.runtime.support.http.HttpUpstream;
import forge.ai.runtime.support.http.UpstreamErrors;
import forge.ai.runtime.support.http.UpstreamRequest;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

/** Sends requests in the version of the interface that they need, and again in another way where one is refused. */
final class Sender {

    private final HttpUpstream upstream;
    private final Endpoint endpoint;
    private final UpstreamErrors errors;
    private final Plans plans;

    Sender(HttpUpstream upstream, Endpoint endpoint, Plans plans) {
        this.upstream = upstream;
        this.endpoint = endpoint;
        this.errors = new UpstreamErrors(endpoint);
        this.plans = plans;
    }

    /**
     * What is to be sent.
     *
     * @param need what it needs of the upstream
     * @param betas the trial features that it asks for, or empty
     * @param request what it is under a plan
     */
    record Parcel(Need need, String betas, Function<Plan, UpstreamRequest> request) {}

    private PlannedAttempts attempts(Parcel parcel) {
        return new PlannedAttempts(plans, parcel.need());
    }

    /** The answer, of success. */
    HttpAnswer call(Parcel parcel, Duration limit) {
        return AttemptedCall.of(attempts(parcel), plan -> {
            HttpAnswer answer =
                    upstream.call(endpoint(plan, parcel), parcel.request().apply(plan), limit);
            if (!answer.successful()) {
                throw errors.status(answer);
            }
            return answer;
        });
    }

    /** @param reader reads what comes */
    CompletionStream stream(Parcel parcel, Function<HttpStream, CompletionStream> reader) {
        return new AttemptedStream<>(
                attempts(parcel),
                plan -> reader.apply(
                        upstream.stream(endpoint(plan, parcel), parcel.request().apply(plan))));
    }

    private Endpoint endpoint(Plan plan, Parcel parcel) {
        Map<String, String> headers = new HashMap<>(endpoint.headers());
        headers.put("anthropic-version", plan.version().header());
        if (!parcel.betas().isEmpty()) {
            headers.put("anthropic-beta", parcel.betas());
        }
        return new Endpoint(endpoint.provider(), endpoint.baseUrl(), headers, endpoint.limits(), endpoint.secrets());
    }
}
