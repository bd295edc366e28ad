package forge.ai.backend.pytorch;

import ai.djl.Device;
import ai.djl.MalformedModelException;
import ai.djl.Model;
import ai.djl.engine.EngineException;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.JniUtils;
import forge.ai.api.Cancellation;
import forge.ai.api.InternalException;
import forge.ai.api.InvalidRequestException;
import forge.ai.api.UnavailableException;
import forge.ai.api.model.LoadedModel;
import forge.ai.api.model.ModelSignature;
import forge.ai.api.tensor.Tensor;
import forge.ai.api.tensor.TensorSpec;
import forge.ai.runtime.support.lease.CallGate;
import forge.ai.runtime.support.model.RequestCheck;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One TorchScript module. */
final class TorchModel implements LoadedModel {

    private static final Logger log = LoggerFactory.getLogger(TorchModel.class);
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** The compiler of TorchScript goes as deep as the code does. */
    private static final long STACK = 64 << 20;

    private final String file;
    private final Model model;
    private final PtSymbolBlock block;
    private final TorchSettings settings;
    private final ModelSignature signature;
    private final RequestCheck check;
    private final Consumer<TorchModel> whenClosed;
    private final CallGate gate = new CallGate();

    private TorchModel(
            Path file, Model model, TorchSettings settings, ModelSignature signature, Consumer<TorchModel> whenClosed) {
        this.file = file.getFileName().toString();
        this.model = model;
        this.block = (PtSymbolBlock) model.getBlock();
        this.settings = settings;
        this.signature = signature;
        this.check = new RequestCheck(signature);
        this.whenClosed = whenClosed;
    }

    static TorchModel load(Path file, TorchSettings settings, Consumer<TorchModel> whenClosed) {
        ModelSignature signature = TorchSignature.of(TorchArchive.read(file), settings);
        Model model = Model.newInstance(file.getFileName().toString(), Device.cpu(), "PyTorch");
        try {
            onLargeStack(() -> load(model, file));
            return new TorchModel(file, model, settings, signature, whenClosed);
        } catch (RuntimeException e) {
            model.close();
            throw e;
        }
    }

    private static void load(Model model, Path file) {
        try {
            model.load(file.getParent(), file.getFileName().toString());
            // Dropout and the like do nothing from now on, whatever mode it was saved in.
            JniUtils.enableInferenceMode((PtSymbolBlock) model.getBlock());
        } catch (EngineException e) {
            throw TorchErrors.load(file.getFileName().toString(), e);
        } catch (IOException | MalformedModelException e) {
            throw new InvalidRequestException("cannot load %s: %s".formatted(file.getFileName(), e.getMessage()));
        }
    }

    private static void onLargeStack(Runnable work) {
        AtomicReference<Throwable> failure = new AtomicReference<>();
        Thread thread = new Thread(null, work, "forge-pytorch-load", STACK);
        thread.setUncaughtExceptionHandler((t, e) -> failure.set(e));
        thread.start();
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                // Native code cannot be left.
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        switch (failure.get()) {
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            case null, default -> {}
        }
    }

    @Override
    public ModelSignature signature() {
        return signature;
    }

    @Override
    public Map<String, Tensor> adapt(Map<String, Tensor> inputs) {
        return TorchSignature.named(signature, inputs);
    }

    @Override
    public Map<String, Tensor> run(Map<String, Tensor> inputs, Set<String> outputs, Cancellation cancellation) {
        cancellation.check();
        check.accept(inputs, outputs);
        if (!gate.enter()) {
            throw new UnavailableException(file + " is closed");
        }
        try {
            return compute(inputs, outputs);
        } finally {
            gate.leave();
        }
    }

    private Map<String, Tensor> compute(Map<String, Tensor> inputs, Set<String> outputs) {
        // Both are settings of the thread that calls.
        JniUtils.setNumThreads(settings.threads());
        JniUtils.setGraphExecutorOptimize(settings.optimize());
        try (NativeTensors tensors = new NativeTensors((PtNDManager) model.getNDManager())) {
            List<TensorSpec> specs = signature.inputs();
            IValue[] arguments = new IValue[specs.size()];
            for (int i = 0; i < arguments.length; i++) {
                arguments[i] =
                        tensors.argument(specs.get(i), inputs.get(specs.get(i).name()));
            }
            IValue result = tensors.keep(block.forward(arguments));
            return new OutputReader(signature.outputs(), tensors).read(result, outputs);
        } catch (EngineException e) {
            throw TorchErrors.run(file, e, signature);
        } catch (IllegalStateException e) {
            throw new InternalException("%s cannot compute this: %s".formatted(file, e.getMessage()));
        }
    }

    @Override
    public void close() {
        if (gate.close(this::release) && !gate.awaitIdle(PATIENCE)) {
            log.warn("{} was closed while it computes; its memory is given back when it ends", file);
        }
    }

    private void release() {
        model.close();
        whenClosed.accept(this);
    }
}
