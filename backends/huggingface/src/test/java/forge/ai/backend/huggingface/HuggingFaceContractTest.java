package forge.ai.backend.huggingface;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import forge.ai.api.model.ModelBackend;
import forge.ai.api.tensor.Tensor;
import forge.ai.backend.onnx.OnnxBackend;
import forge.ai.runtime.testkit.model.BackendContract;
import forge.ai.runtime.testkit.model.ModelFixtures;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The contract over the sample of text classification, whose labels and scores the reference library gave. */
class HuggingFaceContractTest extends BackendContract {

    private final HuggingFaceBackend backend = HubBackends.over(new OnnxBackend());
    private final Path hub = ModelFixtures.folder("hf").resolve("tiny-sentiment");

    @Override
    protected ModelBackend backend() {
        return backend;
    }

    @Override
    protected Example example() throws Exception {
        Path version = folder.resolve("sentiment");
        if (!Files.exists(version)) {
            Files.createDirectories(version);
            for (String file : List.of("config.json", "tokenizer.json", "tokenizer_config.json", "model.onnx")) {
                Files.copy(hub.resolve(file), version.resolve(file));
            }
        }
        JsonNode expected =
                new ObjectMapper().readTree(hub.resolve("expected.json").toFile());
        List<String> texts = new ArrayList<>();
        List<String> labels = new ArrayList<>();
        expected.get("texts").forEach(text -> texts.add(text.textValue()));
        expected.get("labels").forEach(label -> labels.add(label.textValue()));
        int rows = texts.size();
        float[] scores = new float[rows * 2];
        float[] best = new float[rows];
        for (int i = 0; i < scores.length; i++) {
            scores[i] = expected.get("scores").get(i / 2).get(i % 2).floatValue();
            best[i / 2] = Math.max(best[i / 2], scores[i]);
        }
        Map<String, Tensor> outputs = new LinkedHashMap<>();
        outputs.put("label", Tensor.ofStrings(new long[] {rows}, labels));
        outputs.put("score", Tensor.ofFloats(new long[] {rows}, best));
        outputs.put("scores", Tensor.ofFloats(new long[] {rows, 2}, scores));
        return new Example(
                ModelFixtures.source(version),
                "model.onnx",
                Map.of("text", Tensor.ofStrings(new long[] {rows}, texts)),
                outputs,
                1e-4);
    }
}
