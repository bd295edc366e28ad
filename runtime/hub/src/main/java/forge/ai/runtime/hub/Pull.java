package forge.ai.runtime.hub;

import com.fasterxml.jackson.databind.JsonNode;
import forge.ai.api.ResourceExhaustedException;
import forge.ai.api.model.HubPull;
import forge.ai.api.model.PulledModel;
import forge.ai.runtime.support.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** One pull, from the question what there is to the version in the repository. */
final class Pull {

    private static final String MAIN = "main";

    private final HubPull asked;
    private final Settings settings;
    private final HubClient client;
    private final Patience patience;
    private final Download.Reading reading;
    private final Progress progress;
    private final Path repository;
    private final ModelFolder model;

    Pull(
            HubPull asked,
            Settings settings,
            HubClient client,
            Patience patience,
            Download.Reading reading,
            Progress progress,
            Path repository) {
        this.asked = asked;
        this.settings = settings;
        this.client = client;
        this.patience = patience;
        this.reading = reading;
        this.progress = progress;
        this.repository = repository;
        String plain = asked.repository().substring(asked.repository().indexOf('/') + 1);
        this.model = new ModelFolder(repository, asked.name().isEmpty() ? plain : asked.name());
    }

    /** @throws IOException if the repository cannot be written */
    PulledModel run() throws IOException {
        model.requireFrom(asked.repository());
        try (Workspace workspace = Workspace.open(repository, model.name())) {
            progress.step("asking for " + asked.repository());
            String commit = client.commit(asked.revision().isEmpty() ? MAIN : asked.revision());
            List<WantedFile> wanted = new Selection(asked.repository(), client.files(commit)).choose(asked.variant());
            requireAllowed(wanted);
            Origin origin = Origin.of(asked.repository(), commit, wanted);
            Optional<Long> same = same(origin, wanted);
            if (same.isPresent()) {
                workspace.clear();
                return new PulledModel(model.name(), same.get(), commit, 0, false);
            }
            long received = bring(workspace, commit, wanted);
            origin.write(workspace.files());
            model.backend(backend(workspace.files()));
            long version = model.add(workspace.files());
            workspace.clear();
            return new PulledModel(model.name(), version, commit, received, true);
        }
    }

    /** The newest version, if it has these very files. */
    private Optional<Long> same(Origin origin, List<WantedFile> wanted) throws IOException {
        Optional<Long> newest = model.versions().stream().findFirst();
        if (newest.isEmpty()) {
            return newest;
        }
        Path version = model.version(newest.get());
        boolean same = Origin.read(version)
                .filter(before -> before.files().equals(origin.files()))
                .isPresent();
        return newest.filter(number -> same && origin.complete(version, wanted));
    }

    /** Before the first byte comes. */
    private void requireAllowed(List<WantedFile> wanted) {
        long left = settings.maxBytes();
        for (WantedFile file : wanted) {
            if (file.file().size() > left) {
                throw new ResourceExhaustedException("%s has more than %d bytes (maxBytes of %s); its %s alone has %d"
                        .formatted(
                                asked.repository(),
                                settings.maxBytes(),
                                HuggingFaceHub.PID,
                                file.file().path(),
                                file.file().size()));
            }
            left -= file.file().size();
        }
    }

    private long bring(Workspace workspace, String commit, List<WantedFile> wanted) throws IOException {
        workspace.keep(wanted.stream().map(WantedFile::target).collect(Collectors.toSet()));
        Map<String, Path> there = earlier();
        requireRoom(workspace, wanted);
        long received = 0;
        for (WantedFile one : wanted) {
            HubFile file = one.file();
            if (file.hash().isOf(workspace.files().resolve(one.target()), file.size())) {
                continue;
            }
            Path part = workspace.part(file.hash());
            Path before = there.get(file.hash().hex());
            if (before != null && file.hash().isOf(before, file.size())) {
                progress.step("taking " + file.path() + " from an earlier version");
                Files.deleteIfExists(part);
                Files.copy(before, part);
            } else {
                received += new Download(client, patience, reading, progress, commit, file, part).run();
            }
            workspace.take(part, one.target());
        }
        return received;
    }

    /** What earlier versions have, by hash. */
    private Map<String, Path> earlier() throws IOException {
        Map<String, Path> files = new HashMap<>();
        for (long number : model.versions()) {
            Path version = model.version(number);
            Origin.read(version).map(Origin::files).orElse(Map.of()).forEach((path, hash) -> {
                if (HubFile.inside(path)) {
                    files.putIfAbsent(hash, version.resolve(path));
                }
            });
        }
        return files;
    }

    private void requireRoom(Workspace workspace, List<WantedFile> wanted) throws IOException {
        long needed = 0;
        for (WantedFile file : wanted) {
            Path part = workspace.part(file.file().hash());
            boolean whole = Files.exists(workspace.files().resolve(file.target()));
            long there = Files.exists(part) ? Files.size(part) : 0;
            needed += whole ? 0 : Math.max(0, file.file().size() - there);
        }
        long free = Files.getFileStore(workspace.files()).getUsableSpace();
        if (needed > free - settings.minFreeBytes()) {
            throw new ResourceExhaustedException(
                    "there is no room for %s: it needs %d bytes, %d are free, and %d are to stay free (minFreeBytes of %s)"
                            .formatted(asked.repository(), needed, free, settings.minFreeBytes(), HuggingFaceHub.PID));
        }
    }

    /**
     * The backend for a new model. What the provider {@code local} serves, causal language models and those for vectors,
     * has to stay a network of plain tensors; anything else with a tokenizer is for the backend that takes texts.
     */
    private String backend(Path files) throws IOException {
        if (!asked.backend().isEmpty()) {
            return asked.backend();
        }
        Path config = files.resolve("config.json");
        if (!Files.exists(config) || !Files.exists(files.resolve("tokenizer.json"))) {
            return "";
        }
        JsonNode root = Json.read(Files.readAllBytes(config));
        String architecture = root.path("architectures").path(0).asText();
        boolean head = architecture.contains("For") && !architecture.endsWith("ForCausalLM");
        boolean vectors = Files.exists(files.resolve("1_Pooling/config.json"));
        return head && !vectors ? "huggingface" : "";
    }
}
