package forge.ai.console.shell;

import forge.ai.api.model.ModelRegistry;
import forge.ai.api.model.ModelStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code ai:traffic}: shares the requests of a model out over its versions. */
@Component(
        service = ShellCommand.class,
        property = {"osgi.command.scope=ai", "osgi.command.function=traffic"})
public final class TrafficCommand implements ShellCommand {

    private static final String WEIGHTS = "VERSION=WEIGHT";

    private record Part(String version, int weight, double percent) {}

    private static final Listing<Part> LISTING = new Listing<>(
            Column.of("version", Part::version),
            Column.of("weight", Part::weight),
            Column.of("percent", Part::percent));

    private final ModelRegistry registry;

    @Activate
    public TrafficCommand(@Reference ModelRegistry registry) {
        this.registry = registry;
    }

    @Override
    public Usage usage() {
        return Usage.of(
                "traffic",
                "[--json] [--off] MODEL [" + WEIGHTS + "...]",
                "shares the requests that name no version out over versions or labels by weight, shows how, or ends it");
    }

    @Override
    public void run(Call call) {
        Words words = call.words();
        String model = words.value("MODEL");
        Map<String, Integer> weights = new TreeMap<>();
        words.pairs(WEIGHTS).forEach((version, weight) -> weights.put(version, weight(version, weight)));
        if (words.has("--off") || !weights.isEmpty()) {
            registry.traffic(model, words.has("--off") ? Map.of() : weights);
        }
        LISTING.show(call, parts(new TreeMap<>(registry.config(model).serving().traffic())));
    }

    private int weight(String version, Object weight) {
        try {
            return Integer.parseInt(weight.toString());
        } catch (NumberFormatException e) {
            throw usage().wrong("the weight of " + version + " has to be a whole number, not '" + weight + "'");
        }
    }

    private static List<Part> parts(Map<String, Integer> weights) {
        double all = weights.values().stream().mapToInt(Integer::intValue).sum();
        List<Part> parts = new ArrayList<>();
        weights.forEach(
                (version, weight) -> parts.add(new Part(version, weight, Math.round(1000 * weight / all) / 10.0)));
        return parts;
    }

    @Override
    public List<String> choices(Begun begun) {
        return begun.place().equals("MODEL")
                ? registry.models().stream().map(ModelStatus::name).distinct().toList()
                : List.of();
    }
}
