package forge.ai.backend.sklearn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import forge.ai.api.ForgeException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Files that would run code in Python, lie about sizes or are broken are refused with a typed error, and do nothing. */
@Timeout(60)
class HostileFilesTest {

    @TempDir
    private Path folder;

    @TestFactory
    Stream<DynamicTest> everyHostileFileIsRefused() {
        JsonNode manifest = SklearnFixtures.json(SklearnFixtures.folder().resolve("malicious/manifest.json"));
        Path marker = Path.of(manifest.get("marker").textValue());
        return SklearnFixtures.list(manifest.get("files")).stream()
                .map(file -> DynamicTest.dynamicTest(file.get("file").textValue(), () -> {
                    Path hostile =
                            SklearnFixtures.folder().resolve(file.get("file").textValue());

                    assertThatThrownBy(() -> SklearnFixtures.load(folder, hostile))
                            .as(file.get("why").textValue())
                            .isInstanceOf(ForgeException.class)
                            .hasMessageNotContaining("\n");

                    assertThat(Files.exists(marker)).isFalse();
                }));
    }
}
