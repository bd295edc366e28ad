package forge.ai.runtime.tools;

import forge.ai.api.CancelledException;
import forge.ai.api.UnavailableException;
import forge.ai.api.llm.Caller;
import forge.ai.api.llm.ChatRequest;
import forge.ai.api.llm.Completion;
import forge.ai.api.llm.CompletionStream;
import forge.ai.api.llm.Content;
import forge.ai.api.llm.LlmService;
import forge.ai.api.llm.Tool;
import forge.ai.api.tool.CallableTool;
import forge.ai.api.tool.ToolLoop;
import forge.ai.api.tool.ToolLoopAnswer;
import forge.ai.api.tool.ToolLoopOptions;
import forge.ai.api.tool.ToolLoopStream;
import forge.ai.runtime.support.lease.Lease;
import forge.ai.runtime.support.lease.LeaseRouter;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The loop over the tools in the service registry. */
@Component(service = ToolLoop.class, immediate = true, configurationPid = RegisteredToolLoop.PID)
@Designate(ocd = RegisteredToolLoop.Config.class)
public final class RegisteredToolLoop implements ToolLoop {

    static final String PID = "forge.ai.runtime.tools";

    private static final Logger LOG = LoggerFactory.getLogger(RegisteredToolLoop.class);
    private static final int LEAST = 100;

    @ObjectClassDefinition(name = "Tools", description = "Runs the tools that language models call")
    public @interface Config {
        @AttributeDefinition(description = "a longer result of a tool is cut before the model gets it, in characters")
        int maxResultChars() default 100_000;
    }

    private final LeaseRouter<LlmService> services = new LeaseRouter<>();
    private final ToolCatalog catalog = new ToolCatalog();
    private final ToolRuns runs = new ToolRuns(catalog, this::maxResultChars);
    private final MarkedServices marked;
    private volatile int maxResultChars;

    @Activate
    public RegisteredToolLoop(BundleContext context, Config config) {
        maxResultChars = checked(config);
        marked = new MarkedServices(context, catalog);
    }

    /** A wrong change is refused and logged; what held before goes on. */
    @Modified
    void modified(Config config) {
        try {
            maxResultChars = checked(config);
        } catch (IllegalArgumentException e) {
            LOG.error("{}: {}; the settings stay as they were", PID, e.getMessage());
        }
    }

    private static int checked(Config config) {
        if (config.maxResultChars() < LEAST) {
            throw new IllegalArgumentException(
                    "maxResultChars = " + config.maxResultChars() + ": allowed is " + LEAST + " or more");
        }
        return config.maxResultChars();
    }

    private int maxResultChars() {
        return maxResultChars;
    }

    @Deactivate
    void deactivate() {
        marked.close();
        runs.close();
    }

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindLlm(LlmService service, Map<String, ?> properties) {
        services.add(service, properties);
    }

    void updatedLlm(LlmService service, Map<String, ?> properties) {
        services.update(service, properties);
    }

    void unbindLlm(LlmService service) {
        services.remove(service);
    }

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindTool(CallableTool tool, Map<String, ?> properties) {
        catalog.add(tool, properties);
    }

    void unbindTool(CallableTool tool) {
        catalog.remove(tool);
    }

    @Override
    public List<Tool> tools() {
        return catalog.list(List.of("*"));
    }

    @Override
    public Content.ToolResult call(Content.ToolCall call, Duration timeout) {
        try {
            return runs.run(call, timeout);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancelledException("interrupted while tool '" + call.name() + "' ran");
        }
    }

    @Override
    public ToolLoopAnswer chat(ChatRequest request, ToolLoopOptions options) {
        Loop loop = loop(request, options);
        try {
            while (true) {
                Optional<ToolLoopAnswer> end = loop.step(ask(options.caller(), loop.next()));
                if (end.isPresent()) {
                    return end.get();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancelledException("interrupted while tools ran");
        }
    }

    private Completion ask(Caller caller, ChatRequest request) {
        try (Lease<LlmService> llm = llm()) {
            return llm.service().as(caller).chat(request);
        }
    }

    @Override
    public ToolLoopStream streamChat(ChatRequest request, ToolLoopOptions options) {
        return new LoopStream(loop(request, options), next -> askPiecewise(options.caller(), next));
    }

    /** The service is held until the stream is closed. */
    private CompletionStream askPiecewise(Caller caller, ChatRequest request) {
        Lease<LlmService> llm = llm();
        try {
            return new LeasedStream(llm.service().as(caller).streamChat(request), llm);
        } catch (RuntimeException e) {
            llm.close();
            throw e;
        }
    }

    private Loop loop(ChatRequest request, ToolLoopOptions options) {
        return new Loop(request, catalog.list(options.tools()), options, runs);
    }

    private Lease<LlmService> llm() {
        return services.acquire()
                .orElseThrow(() -> new UnavailableException("the LLM service is not there now; try again"));
    }
}
