package forge.ai.runtime.vectors;

import forge.ai.api.ErrorDetails;
import forge.ai.api.ProtocolException;
import forge.ai.api.UnavailableException;
import forge.ai.api.UnsupportedException;
import forge.ai.api.llm.EmbeddingRequest;
import forge.ai.api.llm.LlmService;
import forge.ai.api.vector.CollectionSpec;
import forge.ai.api.vector.VectorEntry;
import forge.ai.api.vector.VectorQuery;
import forge.ai.runtime.support.lease.Lease;
import forge.ai.runtime.support.lease.LeaseRouter;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** Has the model of a collection turn texts into vectors where none are given, and checks all vectors. */
final class TextVectors {

    private final LeaseRouter<LlmService> llm;

    TextVectors(LeaseRouter<LlmService> llm) {
        this.llm = llm;
    }

    /** The entries, each with a vector that fits. */
    List<VectorEntry> complete(List<VectorEntry> entries, CollectionSpec spec) {
        List<String> texts = entries.stream()
                .filter(entry -> entry.vector().length == 0)
                .map(VectorEntry::text)
                .toList();
        Iterator<float[]> made = texts.isEmpty() ? List.<float[]>of().iterator() : embed(texts, spec);
        List<VectorEntry> complete = entries.stream()
                .map(entry -> entry.vector().length == 0 ? entry.withVector(made.next()) : entry)
                .toList();
        for (int i = 0; i < complete.size(); i++) {
            Limits.vector(complete.get(i).vector(), spec, "entries[" + i + "].vector");
        }
        return complete;
    }

    /** What to search for. */
    float[] vector(VectorQuery query, CollectionSpec spec) {
        float[] vector =
                query.vector().length == 0 ? embed(List.of(query.text()), spec).next() : query.vector();
        Limits.vector(vector, spec, "vector");
        return vector;
    }

    private Iterator<float[]> embed(List<String> texts, CollectionSpec spec) {
        if (texts.stream().anyMatch(String::isEmpty)) {
            throw Limits.refused("vector", "neither a vector nor a text is there");
        }
        if (spec.model().isEmpty()) {
            throw new UnsupportedException(
                    "collection '" + spec.name() + "' has no model that turns texts into vectors",
                    ErrorDetails.NONE.withParameter("text"));
        }
        try (Lease<LlmService> lease = llm.acquire()
                .orElseThrow(() -> new UnavailableException("no LLM service is there to turn texts into vectors"))) {
            List<float[]> vectors = lease.service()
                    .embed(new EmbeddingRequest(spec.model(), texts, OptionalInt.empty(), Optional.empty(), Map.of()))
                    .vectors();
            if (vectors.size() != texts.size()) {
                throw new ProtocolException(vectors.size() + " vectors for " + texts.size() + " texts");
            }
            return vectors.iterator();
        }
    }
}
