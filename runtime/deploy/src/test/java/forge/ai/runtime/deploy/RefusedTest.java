package forge.ai.runtime.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.osgi.framework.BundleException;

class RefusedTest {

    @Test
    void whatIsLackingIsToldTheSameWithEachAttempt() {
        Refused refused = Refused.of("x.sample 2.0.0", unresolved("13"));
        assertThat(refused)
                .hasMessage("x.sample 2.0.0: Unable to resolve x.sample: missing requirement [x.sample] "
                        + "osgi.wiring.package; (osgi.wiring.package=no.such.thing)");
        assertThat(Refused.of("x.sample 2.0.0", unresolved("14"))).hasMessage(refused.getMessage());
        assertThat(refused.unresolved()).isTrue();
    }

    /** As Felix 7.0.5 says it. */
    private static BundleException unresolved(String id) {
        String bundle = "x.sample [" + id + "](R " + id + ".0)";
        String lacks = "[" + bundle + "] osgi.wiring.package; (osgi.wiring.package=no.such.thing)";
        return new BundleException(
                "Unable to resolve " + bundle + ": missing requirement " + lacks + " Unresolved requirements: [" + lacks
                        + "]",
                BundleException.RESOLVE_ERROR);
    }
}
