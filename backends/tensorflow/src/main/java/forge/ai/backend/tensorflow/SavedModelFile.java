package forge.ai.backend.tensorflow;

import forge.ai.api.ErrorDetails;
import forge.ai.api.InvalidRequestException;
import forge.ai.api.UnsupportedException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.tensorflow.proto.AssetFileDef;
import org.tensorflow.proto.CollectionDef;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.SavedModel;
import org.tensorflow.proto.SignatureDef;
import org.tensorflow.proto.TensorInfo;

/**
 * {@code saved_model.pb} as it is read before TensorFlow gets it.
 *
 * @param folder in which it lies
 * @param model the graph for serving
 */
record SavedModelFile(Path folder, MetaGraphDef model) {

    static final String NAME = "saved_model.pb";

    private static final String SERVE = "serve";
    private static final String USUAL = "serving_default";
    private static final String START = "__saved_model_init_op";
    private static final Set<String> STARTS = Set.of("saved_model_main_op", "legacy_init_op", "table_initializer");

    static SavedModelFile read(Path folder) {
        Path file = folder.resolve(NAME);
        SavedModel read;
        try (InputStream in = Files.newInputStream(file)) {
            read = SavedModel.parseFrom(in);
        } catch (IOException e) {
            throw new InvalidRequestException("%s is damaged: %s".formatted(file.getFileName(), e.getMessage()));
        }
        List<MetaGraphDef> serving = read.getMetaGraphsList().stream()
                .filter(graph -> graph.getMetaInfoDef().getTagsList().contains(SERVE))
                .toList();
        if (serving.size() != 1) {
            throw new InvalidRequestException("%s holds %d graphs with the tag %s; expected: one"
                    .formatted(file.getFileName(), serving.size(), SERVE));
        }
        return new SavedModelFile(folder, serving.getFirst());
    }

    /** The one of that name, or without a name the usual one, or the only one. */
    Map.Entry<String, SignatureDef> signature(String name) {
        Map<String, SignatureDef> all = model.getSignatureDefMap();
        Set<String> names = new TreeSet<>(all.keySet());
        names.remove(START);
        String chosen = !name.isEmpty() || names.contains(USUAL) || names.size() != 1
                ? (name.isEmpty() ? USUAL : name)
                : names.iterator().next();
        if (!names.contains(chosen)) {
            throw new InvalidRequestException(
                    "the SavedModel has no signature %s; parameters.signature of config.json may be one of %s"
                            .formatted(chosen, names),
                    ErrorDetails.NONE.withParameter("signature"));
        }
        return Map.entry(chosen, all.get(chosen));
    }

    /**
     * Refuses what reaches outside of the process or the folder.
     *
     * @param signature what is served
     */
    void check(SignatureDef signature) {
        GraphCheck graph = new GraphCheck(model);
        boolean variables = graph.execution(signature.getOutputsMap().values().stream()
                .map(TensorInfo::getName)
                .toList());
        graph.execution(starts());
        String restore = model.getSaverDef().getRestoreOpName();
        boolean values = Files.isRegularFile(folder.resolve("variables/variables.index"));
        if (variables && !values && !restore.isEmpty()) {
            throw new InvalidRequestException("the SavedModel has variables, but no variables/variables.index");
        } else if (values && !restore.isEmpty()) {
            graph.restoring(restore, model.getSaverDef().getFilenameTensorName());
        }
        for (AssetFileDef asset : model.getAssetFileDefList()) {
            Path assets = folder.resolve("assets").normalize();
            Path file = assets.resolve(asset.getFilename()).normalize();
            if (!file.startsWith(assets)) {
                throw new UnsupportedException(
                        "the SavedModel names an asset outside of its folder: " + asset.getFilename());
            }
        }
    }

    /** What is executed once, when the model is loaded. */
    private Set<String> starts() {
        Set<String> nodes = new HashSet<>();
        SignatureDef start = model.getSignatureDefOrDefault(START, SignatureDef.getDefaultInstance());
        start.getOutputsMap().values().forEach(output -> nodes.add(output.getName()));
        List<CollectionDef> collections = new ArrayList<>();
        STARTS.forEach(
                name -> collections.add(model.getCollectionDefOrDefault(name, CollectionDef.getDefaultInstance())));
        collections.forEach(collection -> nodes.addAll(collection.getNodeList().getValueList()));
        return nodes;
    }
}
