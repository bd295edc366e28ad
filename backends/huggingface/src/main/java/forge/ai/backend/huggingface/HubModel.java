package forge.ai.backend.huggingface;

import forge.ai.api.Cancellation;
import forge.ai.api.InvalidRequestException;
import forge.ai.api.UnavailableException;
import forge.ai.api.model.LoadedModel;
import forge.ai.api.model.ModelBackend;
import forge.ai.api.model.ModelSignature;
import forge.ai.api.model.ModelSource;
import forge.ai.api.tensor.DataType;
import forge.ai.api.tensor.Tensor;
import forge.ai.api.tensor.TensorSpec;
import forge.ai.runtime.support.lease.CallGate;
import forge.ai.runtime.support.model.RequestCheck;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** A tokenizer, a network and the head of a task, one after the other. */
final class HubModel implements LoadedModel {

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final String TEXT = "text";

    private final LoadedModel network;
    private final TextEncoder encoder;
    private final Head head;
    private final ModelSignature signature;
    private final RequestCheck check;
    private final Consumer<HubModel> whenClosed;
    private final CallGate gate = new CallGate();

    private HubModel(LoadedModel network, TextEncoder encoder, Head head, Consumer<HubModel> whenClosed) {
        this.network = network;
        this.encoder = encoder;
        this.head = head;
        this.whenClosed = whenClosed;
        this.signature = new ModelSignature(
                List.of(new TensorSpec(TEXT, DataType.BYTES, -1)), head.outputs(), true, head.metadata());
        this.check = new RequestCheck(signature);
    }

    static HubModel load(ModelBackend networks, ModelSource source, Consumer<HubModel> whenClosed) {
        HubConfig config = new HubConfig(source);
        Task task = config.task();
        LoadedModel network = networks.load(source);
        TextEncoder encoder = null;
        HubModel model = null;
        try {
            encoder = new TextEncoder(config);
            TextEncoder.require(network.signature());
            Head head = switch (task) {
                case TEXT_CLASSIFICATION -> new TextClassification(config, network.signature());
                case FEATURE_EXTRACTION -> new FeatureExtraction(config, network.signature());
            };
            model = new HubModel(network, encoder, head, whenClosed);
            return model;
        } finally {
            if (model == null) {
                close(network, encoder);
            }
        }
    }

    @Override
    public ModelSignature signature() {
        return signature;
    }

    @Override
    public Map<String, Tensor> run(Map<String, Tensor> inputs, Set<String> outputs, Cancellation cancellation) {
        cancellation.check();
        Map<String, Tensor> flat = flat(inputs);
        check.accept(flat, outputs);
        if (flat.get(TEXT).elements() == 0) {
            throw new InvalidRequestException("the input text holds no text; expected: one or more");
        }
        if (!gate.enter()) {
            throw new UnavailableException("the model is closed");
        }
        try {
            Map<String, Tensor> computed = compute(flat.get(TEXT), cancellation);
            Map<String, Tensor> wanted = new LinkedHashMap<>(computed);
            if (!outputs.isEmpty()) {
                wanted.keySet().retainAll(outputs);
            }
            return wanted;
        } finally {
            gate.leave();
        }
    }

    /** A column of texts is taken like a list of them: so do clients send them that know rows only. */
    private static Map<String, Tensor> flat(Map<String, Tensor> inputs) {
        Tensor text = inputs.get(TEXT);
        if (text == null || text.type() != DataType.BYTES || text.rank() != 2 || text.dimension(1) != 1) {
            return inputs;
        }
        Map<String, Tensor> flat = new LinkedHashMap<>(inputs);
        flat.put(TEXT, Tensor.ofBytes(new long[] {text.dimension(0)}, text.bytes()));
        return flat;
    }

    private Map<String, Tensor> compute(Tensor text, Cancellation cancellation) {
        EncodedTexts texts = encoder.encode(text.toStrings());
        cancellation.check();
        Tensor computed = network.run(texts.tensors(network.signature().inputs()), Set.of(head.needs()), cancellation)
                .get(head.needs());
        return head.apply(computed, texts);
    }

    @Override
    public void close() {
        if (gate.close(this::release) && !gate.awaitIdle(PATIENCE)) {
            // Ends the calls that still compute; the last one out gives back the rest.
            network.close();
        }
    }

    private void release() {
        close(network, encoder);
        whenClosed.accept(this);
    }

    private static void close(LoadedModel network, TextEncoder encoder) {
        try {
            network.close();
        } finally {
            if (encoder != null) {
                encoder.close();
            }
        }
    }
}
