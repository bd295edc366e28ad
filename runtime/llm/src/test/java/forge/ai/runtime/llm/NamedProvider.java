package forge.ai.runtime.llm;

import forge.ai.api.InternalException;
import forge.ai.api.llm.ChatRequest;
import forge.ai.api.llm.Completion;
import forge.ai.api.llm.LlmModel;
import forge.ai.api.llm.LlmProvider;
import forge.ai.api.llm.Usage;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;

/** A provider bundle that takes a millisecond for an answer, and fails once it was stopped. */
public final class NamedProvider implements BundleActivator, LlmProvider {

    private volatile boolean stopped;
    private ServiceRegistration<LlmProvider> registration;

    @Override
    public void start(BundleContext context) {
        registration =
                context.registerService(LlmProvider.class, this, new Hashtable<>(Map.of(LlmProvider.NAME, "swapped")));
    }

    @Override
    public void stop(BundleContext context) {
        registration.unregister();
        stopped = true;
    }

    @Override
    public List<LlmModel> models() {
        return List.of(LlmModel.of("m"));
    }

    @Override
    public Completion chat(ChatRequest request) {
        try {
            Thread.sleep(1);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (stopped) {
            throw new InternalException("called after it was stopped");
        }
        return Completion.of(request.model(), "answer", Usage.of(1, 1));
    }
}
