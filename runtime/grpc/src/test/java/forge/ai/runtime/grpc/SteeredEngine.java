package forge.ai.runtime.grpc;

import forge.ai.api.CancelledException;
import forge.ai.api.ForgeException;
import forge.ai.api.inference.InferenceRequest;
import forge.ai.api.inference.InferenceResult;
import forge.ai.api.inference.InferenceService;
import forge.ai.api.inference.InferenceStatistics;
import forge.ai.api.model.ModelSignature;
import forge.ai.api.model.VersionSelector;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** An engine that shows what reaches it: it holds calls of the model {@code held} until told, and fails as told. */
final class SteeredEngine implements InferenceService {

    final BlockingQueue<InferenceRequest> begun = new LinkedBlockingQueue<>();
    final BlockingQueue<String> interrupted = new LinkedBlockingQueue<>();
    final CountDownLatch release = new CountDownLatch(1);
    volatile @Nullable ForgeException failure;

    @Override
    public InferenceResult infer(InferenceRequest request) {
        begun.add(request);
        ForgeException told = failure;
        if (told != null) {
            throw told;
        }
        if (request.model().equals("held")) {
            try {
                if (!release.await(60, TimeUnit.SECONDS)) {
                    throw new IllegalStateException("never released");
                }
            } catch (InterruptedException e) {
                interrupted.add(request.model());
                throw new CancelledException("given up");
            }
        }
        return new InferenceResult(request.model(), 7, request.inputs(), Duration.ZERO, Duration.ZERO, 1);
    }

    @Override
    public ModelSignature signature(String model, VersionSelector version) {
        throw new UnsupportedOperationException();
    }

    @Override
    public List<InferenceStatistics> statistics() {
        return List.of();
    }
}
