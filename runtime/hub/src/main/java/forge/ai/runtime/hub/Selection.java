package forge.ai.runtime.hub;

import forge.ai.api.NotFoundException;
import forge.ai.api.UnsupportedException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Chooses, of all that a model has on the hub, what a backend here reads. */
final class Selection {

    /** What stands beside a network: what it is, how texts become tokens, how a chat becomes a prompt. */
    private static final List<String> COMPANIONS = List.of(
            "config.json",
            "tokenizer.json",
            "tokenizer_config.json",
            "special_tokens_map.json",
            "generation_config.json",
            "chat_template.jinja",
            "modules.json",
            "sentence_bert_config.json",
            "1_Pooling/config.json");

    private static final List<String> ONNX_FOLDERS = List.of("", "onnx/");
    private static final List<String> ONNX_NAMES = List.of("model", "decoder_model_merged");
    private static final Map<String, String> SINGLE = singles();
    private static final String SAVED_MODEL = "saved_model.pb";
    private static final List<String> SAVED_MODEL_FOLDERS = List.of("", "saved_model/", "tf_model/saved_model/");
    private static final List<String> WEIGHTS =
            List.of(".safetensors", ".bin", ".gguf", ".h5", ".msgpack", ".ckpt", ".pth");

    private final String repository;
    private final Map<String, HubFile> files = new TreeMap<>();

    Selection(String repository, List<HubFile> all) {
        this.repository = repository;
        all.forEach(file -> files.put(file.path(), file));
    }

    /** Other networks of one file, and what each is called here. */
    private static Map<String, String> singles() {
        Map<String, String> names = new LinkedHashMap<>();
        names.put("model.pt", "model.pt");
        names.put("traced_model.pt", "model.pt");
        names.put("torchscript/model.pt", "model.pt");
        names.put("model.joblib", "model.joblib");
        names.put("sklearn_model.joblib", "model.joblib");
        names.put("model.pkl", "model.pkl");
        names.put("sklearn_model.pkl", "model.pkl");
        return names;
    }

    /**
     * What to bring, in the order in which it is to be brought: small files first.
     *
     * @param variant of the network, or empty for the plain one
     * @throws NotFoundException if there is no such variant; the message names those there are
     * @throws UnsupportedException if there is no network that a backend could load
     */
    List<WantedFile> choose(String variant) {
        List<WantedFile> network = onnx(variant);
        if (network.isEmpty() && !variant.isEmpty()) {
            throw new NotFoundException(
                    "%s has no variant '%s' of its network; it has: %s".formatted(repository, variant, variants()));
        }
        if (network.isEmpty()) {
            network = savedModel();
        }
        if (network.isEmpty()) {
            network = single();
        }
        if (network.isEmpty()) {
            throw nothing();
        }
        List<WantedFile> all =
                new ArrayList<>(companions(network.getFirst().file().folder()));
        all.addAll(network);
        return all;
    }

    private List<WantedFile> onnx(String variant) {
        String suffix = variant.isEmpty() ? "" : "_" + variant;
        for (String name : ONNX_NAMES) {
            for (String folder : ONNX_FOLDERS) {
                HubFile file = files.get(folder + name + suffix + ".onnx");
                if (file != null) {
                    return onnx(file);
                }
            }
        }
        // One that is called otherwise is meant if there is no other.
        List<HubFile> networks =
                files.values().stream().filter(f -> f.path().endsWith(".onnx")).toList();
        return variant.isEmpty() && networks.size() == 1 ? onnx(networks.getFirst()) : List.of();
    }

    private List<WantedFile> onnx(HubFile network) {
        List<WantedFile> found = new ArrayList<>(List.of(new WantedFile(network, "model.onnx")));
        weightsOf(network).forEach(found::add);
        return found;
    }

    /** Weights that did not fit into the network's own file; it names them as they are called beside it. */
    private Stream<WantedFile> weightsOf(HubFile network) {
        String begin = network.path();
        return files.values().stream()
                .filter(f -> f.path().startsWith(begin)
                        && f.path().substring(begin.length()).matches("[_.]data(_\\d+)?"))
                .map(f -> new WantedFile(f, f.name()));
    }

    private List<String> variants() {
        return files.keySet().stream()
                .filter(p -> p.matches("(onnx/)?(model|decoder_model_merged)_\\w+\\.onnx"))
                .map(p -> p.replaceFirst("(onnx/)?(model|decoder_model_merged)_(\\w+)\\.onnx", "$3"))
                .distinct()
                .toList();
    }

    private List<WantedFile> savedModel() {
        for (String folder : SAVED_MODEL_FOLDERS) {
            if (files.containsKey(folder + SAVED_MODEL)) {
                return files.values().stream()
                        .filter(f -> f.path().startsWith(folder))
                        .filter(f ->
                                f.path().substring(folder.length()).matches("saved_model\\.pb|(variables|assets)/.+"))
                        .map(f -> new WantedFile(f, f.path().substring(folder.length())))
                        .toList();
            }
        }
        return List.of();
    }

    private List<WantedFile> single() {
        return SINGLE.entrySet().stream()
                .filter(e -> files.containsKey(e.getKey()))
                .findFirst()
                .map(e -> List.of(new WantedFile(files.get(e.getKey()), e.getValue())))
                .orElse(List.of());
    }

    /** Each from the top of the repository, else from the folder of the network. */
    private List<WantedFile> companions(String folder) {
        return COMPANIONS.stream()
                .filter(name -> files.containsKey(name) || files.containsKey(folder + name))
                .map(name -> new WantedFile(files.getOrDefault(name, files.get(folder + name)), name))
                .toList();
    }

    private UnsupportedException nothing() {
        List<String> weights = files.keySet().stream()
                .filter(p -> WEIGHTS.stream().anyMatch(p::endsWith))
                .limit(5)
                .toList();
        return new UnsupportedException(repository + " has no network that a backend here loads: neither model.onnx nor"
                + " onnx/model.onnx, " + SAVED_MODEL + ", " + String.join(", ", SINGLE.keySet())
                + (weights.isEmpty()
                        ? ""
                        : "; it has weights alone (" + String.join(", ", weights)
                                + "), which have to be exported to ONNX first"));
    }
}
