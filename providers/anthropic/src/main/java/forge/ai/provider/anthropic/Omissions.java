package forge.ai.provider.anthropic;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says, once for each kind, what of requests is left out because the upstream would refuse it. */
final class Omissions {

    private static final Logger LOG = LoggerFactory.getLogger(Omissions.class);

    private final Set<String> said = ConcurrentHashMap.newKeySet();
    private final String provider;

    Omissions(String provider) {
        this.provider = provider;
    }

    /**
     * What was left out, and why.
     *
     * @param what the field or option; one of few, for each is remembered
     */
    void tell(String what, String why) {
        if (said.add(what + why)) {
            LOG.warn("{}: left out of requests: {}, because {} (said once)", provider, what, why);
        }
    }
}
