package forge.ai.backend.huggingface;

import forge.ai.api.Cancellation;
import forge.ai.api.InvalidRequestException;
import forge.ai.api.UnavailableException;
import forge.ai.api.model.LoadedModel;
import forge.ai.api.model.ModelBackend;
import forge.ai.api.model.ModelSignature;
import forge.ai.api.model.ModelSource;
import forge.ai.api.tensor.Tensor;
import forge.ai.api.tensor.TensorSpec;
import forge.ai.runtime.support.lease.CallGate;
import forge.ai.runtime.support.lease.LeaseRouter;
import forge.ai.runtime.support.model.RequestCheck;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** A tokenizer, a network and the head of a task, one after the other. */
final class HubModel implements LoadedModel {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Network network;
    private final TextEncoder encoder;
    private final Head head;
    private final ModelSignature signature;
    private final RequestCheck check;
    private final Consumer<HubModel> whenClosed;
    private final CallGate gate = new CallGate();

    private HubModel(Network network, TextEncoder encoder, Head head, Consumer<HubModel> whenClosed) {
        this.network = network;
        this.encoder = encoder;
        this.head = head;
        this.whenClosed = whenClosed;
        this.signature = new ModelSignature(head.inputs(), head.outputs(), true, head.metadata());
        this.check = new RequestCheck(signature);
    }

    static HubModel load(LeaseRouter<ModelBackend> networks, ModelSource source, Consumer<HubModel> whenClosed) {
        HubConfig config = new HubConfig(source);
        Task task = config.task();
        boolean torch = TorchNetwork.isIn(source.folder());
        Network network = new Network(networks, torch ? TorchNetwork.declared(source, config, task) : source);
        TextEncoder encoder = null;
        HubModel model = null;
        try {
            TextEncoder.require(network.signature());
            Head head = Head.of(task, config, network.signature());
            encoder = new TextEncoder(config, head.truncation());
            model = new HubModel(network, encoder, head, whenClosed);
            return model;
        } finally {
            if (model == null) {
                close(network, encoder);
            }
        }
    }

    Network network() {
        return network;
    }

    @Override
    public ModelSignature signature() {
        return signature;
    }

    @Override
    public Map<String, Tensor> adapt(Map<String, Tensor> inputs) {
        return head.adapt(inputs);
    }

    @Override
    public Map<String, Tensor> run(Map<String, Tensor> inputs, Set<String> outputs, Cancellation cancellation) {
        cancellation.check();
        Map<String, Tensor> adapted = head.adapt(inputs);
        check.accept(adapted, outputs);
        for (TensorSpec input : signature.inputs()) {
            if (adapted.get(input.name()).elements() == 0) {
                throw new InvalidRequestException(
                        "the input %s holds no text; expected: one or more".formatted(input.name()));
            }
        }
        if (!gate.enter()) {
            throw new UnavailableException("the model is closed");
        }
        try {
            Map<String, Tensor> wanted = new LinkedHashMap<>(compute(adapted, cancellation));
            if (!outputs.isEmpty()) {
                wanted.keySet().retainAll(outputs);
            }
            return wanted;
        } finally {
            gate.leave();
        }
    }

    private Map<String, Tensor> compute(Map<String, Tensor> inputs, Cancellation cancellation) {
        Reading reading = head.read(inputs);
        EncodedTexts all = encoder.encode(head.rows(inputs));
        for (EncodedTexts texts : all.parts(head.rows())) {
            cancellation.check();
            Map<String, Tensor> tensors = texts.tensors(network.signature().inputs());
            reading.add(network.run(tensors, head.needs(), cancellation), texts);
        }
        return reading.outputs();
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

    private static void close(Network network, TextEncoder encoder) {
        try {
            network.close();
        } finally {
            if (encoder != null) {
                encoder.close();
            }
        }
    }
}
