package forge.ai.runtime.deploy.sample;

import forge.ai.runtime.support.lease.Lease;
import forge.ai.runtime.support.lease.LeaseRouter;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Supplier;

/** Calls the services of {@link Answer}, each with a lease. */
public final class Asking implements Callable<String> {

    private final LeaseRouter<Supplier<String>> router = new LeaseRouter<>();

    @Override
    public String call() {
        try (Lease<Supplier<String>> lease =
                router.acquire().orElseThrow(() -> new IllegalStateException("no service"))) {
            return lease.service().get();
        }
    }

    void bind(Supplier<String> service, Map<String, ?> properties) {
        router.add(service, properties);
    }

    void unbind(Supplier<String> service) {
        router.remove(service);
    }
}
