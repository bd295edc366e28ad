package forge.ai.backend.tensorflow;

import static forge.ai.runtime.testkit.model.TensorAssertions.assertClose;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import forge.ai.api.Cancellation;
import forge.ai.api.ForgeException;
import forge.ai.api.InvalidRequestException;
import forge.ai.api.UnsupportedException;
import forge.ai.api.model.LoadedModel;
import forge.ai.runtime.testkit.model.ModelFixtures;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.proto.AssetFileDef;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.CollectionDef;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.FunctionDef;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.NameAttrList;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.OpDef;
import org.tensorflow.proto.SavedModel;
import org.tensorflow.proto.TensorInfo;
import org.tensorflow.proto.TensorProto;
import org.tensorflow.proto.TensorShapeProto;

/** SavedModels that were made to do harm, from one that TensorFlow wrote. */
@Timeout(60)
class TensorFlowHostileTest {

    private static final String OUTPUT = "probabilities";

    private final TensorFlowBackend backend = new TensorFlowBackend();
    private final ModelFixtures fixtures = ModelFixtures.of("tensorflow");

    @TempDir
    private Path folder;

    @Test
    void aModelWithoutHarmIsComputedAlsoFromTheFolderThatOthersCallItBy() throws Exception {
        var one = fixtures.models().getFirst().cases().getFirst();
        Path version = SavedModels.copy(fixtures.folder().resolve("iris_savedmodel"), folder);
        Path inner = folder.resolve("2/model.savedmodel");
        Files.createDirectories(inner.getParent());
        Files.move(version, inner);
        try (LoadedModel model = backend.load(ModelFixtures.source(inner.getParent()))) {
            assertClose(model.run(one.inputs(), Set.of(), new Cancellation()), one.outputs(), 1e-5);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "WriteFile",
                "ReadFile",
                "MatchingFiles",
                "PyFunc",
                "EagerPyFunc",
                "TextLineDataset",
                "IteratorGetNext",
                "WholeFileReaderV2",
                "SaveV2",
                "RestoreV2",
                "ImmutableConst",
                "DebugIdentityV2",
                "WriteSummary",
                "DecodeProtoV2",
                "InitializeTableFromTextFileV2",
                "_Send",
                "CollectiveReduceV2",
                "RpcCall"
            })
    void whatReachesOutsideIsRefusedByName(String operation) {
        refused(operation, graph -> before(graph, operation));
        refused(operation, graph -> inFunction(graph, operation));
        refused(operation, graph -> atTheStart(graph, operation));
    }

    @Test
    void whatPrintsToAFileIsRefused() {
        NodeDef print = NodeDef.newBuilder()
                .setName("harm")
                .setOp("PrintV2")
                .putAttr("output_stream", text("file:///tmp/printed"))
                .build();
        refused("PrintV2", graph -> {
            graph.getGraphDefBuilder().addNode(print);
            output(graph).addInput("^harm");
        });
    }

    @Test
    void whatIsThereButNotExecutedDoesNoHarm() throws Exception {
        load(graph -> graph.getGraphDefBuilder()
                        .addNode(constant("name", "/some/where"))
                        .addNode(NodeDef.newBuilder()
                                .setName("file")
                                .setOp("ReadFile")
                                .addInput("name")))
                .close();
    }

    @Test
    void valuesOfOtherFilesThanItsOwnAreNotRead() {
        refused("RestoreV2", graph -> {
            graph.getGraphDefBuilder().addNode(constant("other", "/some/where/variables"));
            node(graph, "save/Restore").setInput(0, "other");
        });
    }

    @Test
    void anAssetOutsideOfTheFolderIsRefused() {
        assertThatThrownBy(() -> load(graph -> graph.addAssetFileDef(AssetFileDef.newBuilder()
                                .setFilename("../../../secret")
                                .setTensorInfo(TensorInfo.newBuilder().setName("Const_7:0"))))
                        .close())
                .isInstanceOf(UnsupportedException.class)
                .hasMessageContaining("../../../secret");
    }

    @Test
    void aGraphWithoutItsNodesIsRefused() {
        assertThatThrownBy(() -> load(graph -> node(graph, OUTPUT).setInput(0, "nowhere"))
                        .close())
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("nowhere");
    }

    @Test
    void damageInTheValuesOfVariablesIsNoticed() throws Exception {
        Path whole = fixtures.folder().resolve("iris_savedmodel");
        Random random = new Random(7);
        for (String file : new String[] {"variables/variables.index", "variables/variables.data-00000-of-00001"}) {
            int refused = 0;
            for (int round = 0; round < 20; round++) {
                Path version = SavedModels.copy(whole, Files.createTempDirectory(folder, "damaged"));
                byte[] bytes = Files.readAllBytes(version.resolve(file));
                bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
                Files.write(version.resolve(file), bytes);
                try {
                    backend.load(ModelFixtures.source(version)).close();
                } catch (ForgeException e) {
                    refused++;
                }
            }
            assertThat(refused).as(file).isGreaterThan(15);
        }
    }

    private void refused(String operation, Consumer<MetaGraphDef.Builder> change) {
        assertThatThrownBy(() -> load(change).close())
                .isInstanceOf(UnsupportedException.class)
                .hasMessageContaining(operation);
    }

    private static void before(MetaGraphDef.Builder graph, String operation) {
        graph.getGraphDefBuilder().addNode(NodeDef.newBuilder().setName("harm").setOp(operation));
        output(graph).addInput("^harm");
    }

    private static void inFunction(MetaGraphDef.Builder graph, String operation) {
        graph.getGraphDefBuilder()
                .addNode(NodeDef.newBuilder()
                        .setName("call")
                        .setOp("PartitionedCall")
                        .putAttr(
                                "f",
                                AttrValue.newBuilder()
                                        .setFunc(NameAttrList.newBuilder().setName("outer"))
                                        .build()))
                .getLibraryBuilder()
                .addFunction(function("outer", "inner"))
                .addFunction(function("inner", operation));
        output(graph).addInput("^call");
    }

    private static FunctionDef function(String name, String operation) {
        return FunctionDef.newBuilder()
                .setSignature(OpDef.newBuilder().setName(name))
                .addNodeDef(NodeDef.newBuilder().setName("node").setOp(operation))
                .build();
    }

    private static void atTheStart(MetaGraphDef.Builder graph, String operation) {
        graph.getGraphDefBuilder().addNode(NodeDef.newBuilder().setName("harm").setOp(operation));
        graph.putCollectionDef(
                "saved_model_main_op",
                CollectionDef.newBuilder()
                        .setNodeList(CollectionDef.NodeList.newBuilder().addValue("harm"))
                        .build());
    }

    private static NodeDef.Builder output(MetaGraphDef.Builder graph) {
        return node(graph, OUTPUT);
    }

    private static NodeDef.Builder node(MetaGraphDef.Builder graph, String name) {
        return graph.getGraphDefBuilder().getNodeBuilderList().stream()
                .filter(node -> node.getName().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static NodeDef constant(String name, String value) {
        return NodeDef.newBuilder()
                .setName(name)
                .setOp("Const")
                .putAttr(
                        "dtype",
                        AttrValue.newBuilder().setType(DataType.DT_STRING).build())
                .putAttr(
                        "value",
                        AttrValue.newBuilder()
                                .setTensor(TensorProto.newBuilder()
                                        .setDtype(DataType.DT_STRING)
                                        .setTensorShape(TensorShapeProto.getDefaultInstance())
                                        .addStringVal(ByteString.copyFromUtf8(value)))
                                .build())
                .build();
    }

    private static AttrValue text(String value) {
        return AttrValue.newBuilder().setS(ByteString.copyFromUtf8(value)).build();
    }

    private LoadedModel load(Consumer<MetaGraphDef.Builder> change) throws Exception {
        Path version = SavedModels.copy(
                fixtures.folder().resolve("iris_savedmodel"), Files.createTempDirectory(folder, "model"));
        Path file = version.resolve("saved_model.pb");
        SavedModel.Builder model = SavedModel.parseFrom(Files.readAllBytes(file)).toBuilder();
        change.accept(model.getMetaGraphsBuilder(0));
        Files.write(file, model.build().toByteArray());
        return backend.load(ModelFixtures.source(version));
    }
}
