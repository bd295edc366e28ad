package forge.ai.runtime.hub;

import static forge.ai.runtime.hub.HubLab.NETWORK;
import static forge.ai.runtime.hub.HubLab.NOBODY;
import static forge.ai.runtime.hub.HubLab.TINY;
import static forge.ai.runtime.hub.HubLab.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import forge.ai.api.InvalidRequestException;
import forge.ai.api.NotFoundException;
import forge.ai.api.UnsupportedException;
import forge.ai.api.llm.PullProgress;
import forge.ai.api.model.HubPull;
import forge.ai.api.model.PulledModel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a pull brings, and under which names and versions. */
@Timeout(60)
class HubTest {

    @TempDir
    private Path repository;

    private HubLab lab;

    @BeforeEach
    void start() {
        lab = new HubLab(repository);
    }

    @AfterEach
    void close() {
        lab.close();
    }

    @Test
    void whatTheBackendNeedsComesAndNothingElse() throws Exception {
        List<PullProgress> told = new ArrayList<>();
        PulledModel pulled = lab.hub.pull(TINY, told::add);
        assertThat(lab.files())
                .containsExactly(
                        "tiny/1/.hub.json",
                        "tiny/1/config.json",
                        "tiny/1/model.onnx",
                        "tiny/1/tokenizer.json",
                        "tiny/config.json");
        assertThat(repository.resolve("tiny/1/model.onnx")).hasBinaryContent(lab.network);
        assertThat(repository.resolve("tiny/config.json")).hasContent("{\"backend\":\"huggingface\"}");
        assertThat(pulled).isEqualTo(new PulledModel("tiny", 1, lab.server.commit, lab.server.bytesServed.get(), true));
        List<PullProgress> ofNetwork =
                told.stream().filter(p -> p.part().equals(NETWORK)).toList();
        assertThat(ofNetwork.getFirst().completedBytes()).isZero();
        assertThat(ofNetwork.getLast().completedBytes()).isEqualTo(lab.network.length);
        assertThat(ofNetwork.getLast().totalBytes()).hasValue(lab.network.length);
    }

    @Test
    void whatIsUnchangedIsNotFetchedAgainAndAChangeIsTheNextVersion() throws Exception {
        lab.pull();
        int requests = lab.server.fileRequests.get();
        lab.server.commit = "c".repeat(40);
        PulledModel again = lab.pull();
        assertThat(again.changed()).isFalse();
        assertThat(again.version()).isEqualTo(1);
        assertThat(lab.server.fileRequests).hasValue(requests);

        lab.server.put("tokenizer.json", bytes(3100, 9));
        PulledModel next = lab.pull();
        assertThat(next.changed()).isTrue();
        assertThat(next.version()).isEqualTo(2);
        assertThat(next.downloadedBytes())
                .as("the network is taken from version 1")
                .isEqualTo(3100);
        assertThat(repository.resolve("tiny/2/model.onnx")).hasBinaryContent(lab.network);
        assertThat(repository.resolve("tiny/1/tokenizer.json")).hasBinaryContent(bytes(3000, 3));
    }

    @Test
    void aVariantARevisionANameAndABackendCanBeAskedFor() {
        HubPull half = HubPull.of("acme/tiny@v1.0")
                .withVariant("fp16")
                .withName("half")
                .withBackend("onnx");
        lab.hub.pull(half, NOBODY);
        assertThat(repository.resolve("half/1/model.onnx")).hasBinaryContent(bytes(1000, 2));
        assertThat(repository.resolve("half/config.json")).hasContent("{\"backend\":\"onnx\"}");
        assertThat(lab.hub.pull(half.withVariant(""), NOBODY).version())
                .as("another variant of the same model is its next version")
                .isEqualTo(2);
        assertThat(lab.refused(TINY.withVariant("int3"), NotFoundException.class))
                .hasMessageContaining("fp16");
        assertThat(lab.refused(HubPull.of("acme/tiny@nowhere"), NotFoundException.class))
                .hasMessageContaining("nowhere");
    }

    @Test
    void aModelThatWasRenamedOnTheHubIsFound() {
        assertThat(lab.hub.pull(HubPull.of("old/name"), NOBODY).name()).isEqualTo("name");
        assertThat(repository.resolve("name/1/model.onnx")).hasBinaryContent(lab.network);
    }

    @Test
    void aListOnSeveralPagesIsReadToItsEnd() {
        lab.server.page = 2;
        lab.pull();
        assertThat(repository.resolve("tiny/1/tokenizer.json")).exists();
    }

    @Test
    void weightsBesideTheNetworkComeAlongUnderTheirName() throws Exception {
        lab.server.put("onnx/model.onnx_data", bytes(500, 5));
        lab.server.put("onnx/model.onnx_data_1", bytes(500, 6));
        lab.server.put("onnx/model_fp16.onnx_data", bytes(500, 7));
        lab.pull();
        assertThat(lab.files())
                .contains("tiny/1/model.onnx_data", "tiny/1/model.onnx_data_1")
                .doesNotContain("tiny/1/model_fp16.onnx_data");
    }

    @Test
    void otherFormatsAreFound() throws Exception {
        lab.server.remove(NETWORK);
        lab.server.remove("onnx/model_fp16.onnx");
        lab.server.put("saved_model/saved_model.pb", bytes(300, 1));
        lab.server.put("saved_model/variables/variables.index", bytes(50, 1));
        lab.server.put("saved_model/keras_metadata.pb", bytes(50, 1));
        lab.pull();
        assertThat(lab.files())
                .contains("tiny/1/saved_model.pb", "tiny/1/variables/variables.index")
                .doesNotContain("tiny/1/keras_metadata.pb");

        lab.server.remove("saved_model/saved_model.pb");
        lab.server.put("sklearn_model.joblib", bytes(300, 2));
        lab.pull();
        assertThat(lab.files()).contains("tiny/2/model.joblib").doesNotContain("tiny/2/saved_model.pb");
    }

    @Test
    void aCausalLanguageModelIsLeftToTheProviderThatServesIt() {
        lab.server.put("config.json", "{\"architectures\":[\"LlamaForCausalLM\"]}");
        lab.pull();
        assertThat(repository.resolve("tiny/1")).exists();
        assertThat(repository.resolve("tiny/config.json")).doesNotExist();
    }

    @Test
    void weightsAloneAreRefusedAndTheMessageNamesWhatIsMissing() {
        lab.server.remove(NETWORK);
        lab.server.remove("onnx/model_fp16.onnx");
        assertThat(lab.refused(TINY, UnsupportedException.class))
                .hasMessageContaining("onnx/model.onnx")
                .hasMessageContaining("model.safetensors")
                .hasMessageContaining("exported");
        assertThat(lab.server.fileRequests).hasValue(0);
    }

    @Test
    void aModelThatIsNotFromTheHubIsLeftAlone() throws Exception {
        Files.write(Files.createDirectories(repository.resolve("tiny/7")).resolve("model.onnx"), new byte[1]);
        assertThat(lab.refused(TINY, InvalidRequestException.class)).hasMessageContaining("another name");
        assertThat(lab.hub.pull(TINY.withName("tiny2"), NOBODY).version()).isEqualTo(1);
        assertThat(lab.refused(TINY.withName("../up"), InvalidRequestException.class))
                .isNotNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "acme/", "a/b/c", "acme/../x", "acme/ti ny", "acme/tiny@a..b", "acme/tiny@x y"})
    void whatNoHubCouldHaveIsRefusedBeforeItIsAsked(String reference) {
        assertThatThrownBy(() -> HubPull.of(reference))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("OWNER/MODEL");
    }

    @Test
    void aConfigurationThatIsRefusedLeavesTheOldOneInForce() {
        lab.configure("url", "ftp://x");
        lab.configure("parallel", 0);
        assertThat(lab.pull().version()).isEqualTo(1);
    }
}
