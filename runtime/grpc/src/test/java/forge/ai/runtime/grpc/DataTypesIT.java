package forge.ai.runtime.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.ByteString;
import forge.ai.api.tensor.DataType;
import forge.ai.api.tensor.Tensor;
import forge.ai.runtime.grpc.protocol.GRPCInferenceServiceGrpc.GRPCInferenceServiceBlockingStub;
import forge.ai.runtime.grpc.protocol.ModelInferRequest;
import forge.ai.runtime.support.json.Json;
import forge.ai.runtime.support.openinference.BinaryTensors;
import forge.ai.runtime.testkit.model.OnnxGraph;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.ByteArrayOutputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Every type goes through a model that gives back what it gets: over REST as JSON and as bytes, over gRPC typed and raw,
 * with the ends of its range. What has the wrong size or type, or is cut off, is the request's fault everywhere.
 */
@Timeout(120)
class DataTypesIT {

    /** A type as ONNX numbers it, and values of it as JSON has them. */
    private enum Sample {
        BOOL(9, "[true,false,true]"),
        UINT8(2, "[0,1,255]"),
        UINT16(4, "[0,1,65535]"),
        UINT32(12, "[0,1,4294967295]"),
        UINT64(13, "[0,1,18446744073709551615]"),
        INT8(3, "[0,-128,127]"),
        INT16(5, "[0,-32768,32767]"),
        INT32(6, "[0,-2147483648,2147483647]"),
        INT64(7, "[0,-9223372036854775808,9223372036854775807]"),
        FP16(10, "[-0.5,65504.0,6.1035156E-5,\"NaN\",\"Infinity\"]"),
        BF16(16, "[-0.5,3.3895314E38,1.1754944E-38,\"NaN\",\"-Infinity\"]"),
        FP32(1, "[-0.1,3.4028235E38,1.4E-45,\"NaN\",\"Infinity\"]"),
        FP64(11, "[-0.1,1.7976931348623157E308,4.9E-324,\"NaN\",\"-Infinity\"]"),
        BYTES(8, "[\"\",\"a\",\"äöü €\"]");

        private final int onnx;
        private final String json;

        Sample(int onnx, String json) {
            this.onnx = onnx;
            this.json = json;
        }

        DataType type() {
            return DataType.valueOf(name());
        }

        String model() {
            return "same-" + name();
        }

        byte[] graph() {
            return new OnnxGraph()
                    .input("x", onnx, "n")
                    .output("y", onnx, "n")
                    .node("Identity", List.of("x"), "y")
                    .bytes();
        }

        /** The same values, made without the code under test. */
        Tensor tensor() throws Exception {
            JsonNode values = Json.read(json);
            long[] shape = {values.size()};
            if (type() == DataType.BYTES) {
                return Tensor.ofStrings(shape, List.of("", "a", "äöü €"));
            }
            ByteBuffer data = Tensor.allocate(type(), values.size());
            values.forEach(value -> put(data, value));
            return Tensor.of(type(), shape, data.flip());
        }

        private void put(ByteBuffer data, JsonNode value) {
            double number = value.isTextual() ? Double.parseDouble(value.textValue()) : value.doubleValue();
            switch (this) {
                case BOOL -> data.put((byte) (value.booleanValue() ? 1 : 0));
                case UINT8, INT8 -> data.put((byte) value.longValue());
                case UINT16, INT16 -> data.putShort((short) value.longValue());
                case UINT32, INT32 -> data.putInt((int) value.longValue());
                case UINT64, INT64 -> data.putLong(value.bigIntegerValue().longValue());
                case FP16 -> data.putShort(Float.floatToFloat16((float) number));
                // These values need no rounding.
                case BF16 -> data.putShort((short) (Float.floatToIntBits((float) number) >>> 16));
                case FP32 -> data.putFloat((float) number);
                case FP64 -> data.putDouble(number);
                case BYTES -> throw new IllegalStateException("made otherwise");
            }
        }
    }

    @TempDir
    private static Path folder;

    private static RunningBoth both;
    private static GRPCInferenceServiceBlockingStub client;

    @BeforeAll
    static void start() throws Exception {
        Map<String, byte[]> files = new HashMap<>();
        for (Sample sample : Sample.values()) {
            files.put(sample.model() + "/model.onnx", sample.graph());
        }
        both = RunningBoth.start(folder, files);
        for (Sample sample : Sample.values()) {
            both.registry().load(sample.model());
        }
        client = both.server().client();
    }

    @AfterAll
    static void stop() throws Exception {
        both.close();
    }

    private static HttpResponse<String> post(Sample sample, byte[] body, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        both.rest().address().resolve("/v2/models/" + sample.model() + "/infer"))
                .POST(HttpRequest.BodyPublishers.ofByteArray(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return both.rest().http().send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static byte[] json(String type, int size, String rest) {
        return "{\"inputs\":[{\"name\":\"x\",\"datatype\":\"%s\",\"shape\":[%d],%s}]}"
                .formatted(type, size, rest)
                .getBytes(StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @EnumSource
    void goesThroughEveryWay(Sample sample) throws Exception {
        Tensor tensor = sample.tensor();
        Map<String, Tensor> inputs = Map.of("x", tensor);
        assertThat(both.rest().infer(sample.model(), inputs)).as("bytes").isEqualTo(Map.of("y", tensor));
        assertThat(Messages.outputs(client.modelInfer(Messages.raw(sample.model(), inputs))))
                .as("raw")
                .isEqualTo(Map.of("y", tensor));

        HttpResponse<String> answer = post(sample, json(sample.name(), tensor.elements(), "\"data\":" + sample.json));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        JsonNode output = Json.read(answer.body()).at("/outputs/0");
        assertThat(output.path("datatype").asText()).isEqualTo(sample.name());
        assertThat(output.path("data")).as("JSON").isEqualTo(Json.read(sample.json));

        ModelInferRequest typed;
        try {
            typed = Messages.typed(sample.model(), inputs);
        } catch (RuntimeException e) {
            // The protocol has no field for them.
            assertThat(sample).isIn(Sample.FP16, Sample.BF16);
            return;
        }
        assertThat(Messages.outputs(client.modelInfer(typed))).as("typed").isEqualTo(Map.of("y", tensor));
    }

    @ParameterizedTest
    @EnumSource
    void theWrongSizeIsRefusedEveryWay(Sample sample) throws Exception {
        Tensor tensor = sample.tensor();
        int more = tensor.elements() + 1;
        assertThat(post(sample, json(sample.name(), more, "\"data\":" + sample.json))
                        .statusCode())
                .isEqualTo(400);
        byte[] bytes = BinaryTensors.write(tensor);
        byte[] head = json(
                sample.name(), tensor.elements(), "\"parameters\":{\"binary_data_size\":" + (bytes.length - 1) + "}");
        assertThat(binary(sample, head, bytes, bytes.length - 1).statusCode())
                .as("a byte less")
                .isEqualTo(400);
        byte[] right =
                json(sample.name(), tensor.elements(), "\"parameters\":{\"binary_data_size\":" + bytes.length + "}");
        assertThat(binary(sample, right, bytes, bytes.length).statusCode()).isEqualTo(200);
        assertThat(binary(sample, right, bytes, bytes.length / 2).statusCode())
                .as("cut off")
                .isEqualTo(400);
        assertThat(post(sample, right, "Inference-Header-Content-Length", Integer.toString(right.length + 1))
                        .statusCode())
                .isEqualTo(400);

        ModelInferRequest raw = Messages.raw(sample.model(), Map.of("x", tensor));
        ByteString content = raw.getRawInputContents(0);
        refused(() -> client.modelInfer(raw.toBuilder()
                .setRawInputContents(0, content.substring(0, content.size() - 1))
                .build()));
        refused(() -> client.modelInfer(raw.toBuilder()
                .setInputs(0, raw.getInputs(0).toBuilder().setShape(0, more))
                .build()));
        refused(() -> client.modelInfer(raw.toBuilder().clearRawInputContents().build()));
    }

    private static HttpResponse<String> binary(Sample sample, byte[] head, byte[] bytes, int count) throws Exception {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.writeBytes(head);
        body.write(bytes, 0, count);
        return post(sample, body.toByteArray(), "Inference-Header-Content-Length", Integer.toString(head.length));
    }

    @ParameterizedTest
    @EnumSource
    void theWrongTypeIsRefusedEveryWay(Sample sample) throws Exception {
        Sample other = sample == Sample.INT32 ? Sample.FP64 : Sample.INT32;
        Tensor tensor = other.tensor();
        assertThat(post(sample, json(other.name(), tensor.elements(), "\"data\":" + other.json))
                        .statusCode())
                .isEqualTo(400);
        assertThat(post(sample, json(sample.name(), 1, "\"data\":[{}]")).statusCode())
                .isEqualTo(400);
        refused(() -> client.modelInfer(Messages.raw(sample.model(), Map.of("x", tensor))));
        refused(() -> client.modelInfer(Messages.typed(sample.model(), Map.of("x", tensor))));
        ModelInferRequest mislabelled = Messages.typed(sample.model(), Map.of("x", tensor));
        refused(() -> client.modelInfer(mislabelled.toBuilder()
                .setInputs(0, mislabelled.getInputs(0).toBuilder().setDatatype(sample.name()))
                .build()));
    }

    private static void refused(ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        StatusRuntimeException.class,
                        e -> assertThat(e.getStatus().getCode())
                                .as(e.toString())
                                .isEqualTo(Status.Code.INVALID_ARGUMENT));
    }
}
