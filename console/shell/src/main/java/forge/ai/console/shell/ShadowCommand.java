package forge.ai.console.shell;

import forge.ai.api.inference.InferenceService;
import forge.ai.api.inference.ShadowReport;
import forge.ai.api.model.ModelRegistry;
import forge.ai.api.model.ModelStatus;
import forge.ai.api.model.Shadow;
import java.time.Duration;
import java.util.List;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code ai:shadow}: has a version compute requests that another one answers, and shows how they compare. */
@Component(
        service = ShellCommand.class,
        property = {"osgi.command.scope=ai", "osgi.command.function=shadow"})
public final class ShadowCommand implements ShellCommand {

    private static final Listing<ShadowReport> LISTING = new Listing<>(
            Column.of("version", ShadowReport::version),
            Column.of("equal", ShadowReport::equal),
            Column.of("different", ShadowReport::different),
            Column.of("failed", ShadowReport::failed),
            Column.of("skipped", ShadowReport::skipped),
            Column.of("largestDifference", r -> Double.toString(r.largestDifference())),
            Column.of("differed", ShadowReport::differed),
            Column.of("millis", r -> millis(r.computed(), r)),
            Column.of("shadowMillis", r -> millis(r.shadowed(), r)));

    private final ModelRegistry registry;
    private final InferenceService inference;

    @Activate
    public ShadowCommand(@Reference ModelRegistry registry, @Reference InferenceService inference) {
        this.registry = registry;
        this.inference = inference;
    }

    /** The mean time of the computations that were compared. */
    private static double millis(Duration sum, ShadowReport report) {
        long compared = Math.max(1, report.equal() + report.different());
        return Math.round(sum.toNanos() / 1e3 / compared) / 1e3;
    }

    @Override
    public Usage usage() {
        return Usage.of(
                "shadow",
                "[--json] [--off] [--percent N] [--tolerance N] MODEL [VERSION]",
                "has a version compute requests that others answer, shows how they compare, or ends it");
    }

    @Override
    public void run(Call call) {
        Words words = call.words();
        String model = words.value("MODEL");
        if (words.has("--off")) {
            registry.shadow(model, Shadow.NONE);
        } else if (!words.all("VERSION").isEmpty()) {
            registry.shadow(model, shadow(words));
        } else {
            registry.config(model);
        }
        LISTING.show(
                call,
                inference.shadows().stream()
                        .filter(report -> report.model().equals(model))
                        .toList());
    }

    private Shadow shadow(Words words) {
        try {
            return new Shadow(
                    words.value("VERSION"),
                    words.number("--percent").orElse(100),
                    words.number("--tolerance").orElse(Shadow.USUAL_TOLERANCE));
        } catch (IllegalArgumentException e) {
            throw usage().wrong(e.getMessage());
        }
    }

    @Override
    public List<String> choices(Begun begun) {
        return begun.place().equals("MODEL")
                ? registry.models().stream().map(ModelStatus::name).distinct().toList()
                : List.of();
    }
}
