package forge.ai.runtime.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class AttributeTypeTest {

    private static final AttributeType PORT =
            new AttributeType("port", "Integer", false, true, "1", "65535", List.of(), true);

    @Test
    void aNumberOutsideItsRangeIsRefusedWithWhatIsAllowed() {
        assertThat(PORT.wrong(8080L)).isEmpty();
        assertThat(PORT.wrong("70000")).contains("allowed: a whole number from 1 to 65535");
        assertThat(PORT.wrong("many")).isPresent();
        assertThat(PORT.wrong(new Long[] {1L, 2L})).contains("a single value is allowed, not a list");
    }

    @Test
    void onlyTheOptionsAreAllowed() {
        AttributeType mode =
                new AttributeType("mode", "String", false, true, null, null, List.of("watch", "explicit"), true);
        assertThat(mode.wrong("watch")).isEmpty();
        assertThat(mode.wrong("look")).contains("allowed: one of watch, explicit");
    }
}
