package forge.ai.runtime.llm;

import forge.ai.api.CancelledException;
import forge.ai.api.ForgeException;
import forge.ai.api.llm.LlmModel;
import forge.ai.api.llm.LlmProvider;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What can be asked for: asks all providers at the same time, and leaves out those that do not answer. */
final class ModelCatalog {

    private static final Logger LOG = LoggerFactory.getLogger(ModelCatalog.class);

    private final Routing routing;
    private final Surveys<List<LlmModel>> surveys;

    ModelCatalog(Routing routing, Executor executor) {
        this.routing = routing;
        this.surveys = new Surveys<>("list of models", ModelCatalog::models, routing.providers(), executor);
    }

    private static List<LlmModel> models(LlmProvider provider) {
        return List.copyOf(Objects.requireNonNull(provider.models(), "models"));
    }

    /** Routes first, then models, each by name. */
    List<LlmModel> list() {
        long until = routing.nanos() + routing.settings().listLimit().toNanos();
        Map<String, Surveys.Answer<List<LlmModel>>> answers = new LinkedHashMap<>();
        routing.providers().names().forEach(name -> answers.put(name, surveys.ask(name)));
        Map<String, LlmModel> all = new TreeMap<>();
        for (var answer : answers.entrySet()) {
            models(answer.getKey(), answer.getValue(), until).forEach(model -> all.putIfAbsent(model.id(), model));
        }
        List<LlmModel> list = new ArrayList<>();
        routing.routes().list().forEach(route -> {
            list.add(LlmModel.of(route.name()).withOwner("route"));
            all.remove(route.name());
        });
        list.addAll(all.values());
        return List.copyOf(list);
    }

    private List<LlmModel> models(String provider, Surveys.Answer<List<LlmModel>> answer, long until) {
        try {
            List<LlmModel> models = surveys.await(provider, answer, Duration.ofNanos(until - routing.nanos()));
            routing.providers().state(provider).succeeded();
            return models.stream().map(model -> named(provider, model)).toList();
        } catch (ForgeException e) {
            LOG.debug("left out of the list of models: {}", e.getMessage());
            if (Failures.ill(e)) {
                routing.providers().state(provider).failed(e);
            }
            return List.of();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancelledException("interrupted while asking for models");
        }
    }

    private static LlmModel named(String provider, LlmModel model) {
        LlmModel named = model.withId(provider + "/" + model.id());
        return model.owner().isEmpty() ? named.withOwner(provider) : named;
    }
}
