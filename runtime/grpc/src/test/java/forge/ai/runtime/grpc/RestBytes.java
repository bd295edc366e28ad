package forge.ai.runtime.grpc;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import forge.ai.api.tensor.DataType;
import forge.ai.api.tensor.Tensor;
import forge.ai.runtime.support.openinference.BinaryTensors;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The same protocol over REST, with tensors as bytes behind the JSON.
 *
 * @param http the client
 * @param address of the server
 */
record RestBytes(HttpClient http, URI address) {

    private static final String LENGTH = "Inference-Header-Content-Length";
    private static final ObjectMapper JSON = new ObjectMapper();

    Map<String, Tensor> infer(String model, Map<String, Tensor> inputs) throws Exception {
        List<String> described = new ArrayList<>();
        ByteArrayOutputStream tail = new ByteArrayOutputStream();
        inputs.forEach((name, tensor) -> {
            byte[] bytes = BinaryTensors.write(tensor);
            tail.writeBytes(bytes);
            described.add("{\"name\":\"%s\",\"datatype\":\"%s\",\"shape\":%s,\"parameters\":{\"binary_data_size\":%d}}"
                    .formatted(name, tensor.type(), Arrays.toString(tensor.shape()), bytes.length));
        });
        byte[] head = ("{\"parameters\":{\"binary_data_output\":true},\"inputs\":" + described + "}")
                .getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.writeBytes(head);
        body.writeBytes(tail.toByteArray());
        HttpResponse<byte[]> response = http.send(
                HttpRequest.newBuilder(address.resolve("/v2/models/" + model + "/infer"))
                        .header(LENGTH, Integer.toString(head.length))
                        .POST(HttpRequest.BodyPublishers.ofByteArray(body.toByteArray()))
                        .build(),
                HttpResponse.BodyHandlers.ofByteArray());
        if (response.statusCode() != 200) {
            throw new AssertionError(response.statusCode() + " " + new String(response.body(), StandardCharsets.UTF_8));
        }
        return outputs(
                response.body(),
                Integer.parseInt(response.headers().firstValue(LENGTH).orElseThrow()));
    }

    private static Map<String, Tensor> outputs(byte[] body, int head) throws Exception {
        Map<String, Tensor> outputs = new LinkedHashMap<>();
        int next = head;
        for (JsonNode output : JSON.readTree(body, 0, head).path("outputs")) {
            int size = output.at("/parameters/binary_data_size").intValue();
            List<Long> shape = new ArrayList<>();
            output.path("shape").forEach(one -> shape.add(one.longValue()));
            String name = output.path("name").textValue();
            outputs.put(
                    name,
                    BinaryTensors.read(
                            DataType.valueOf(output.path("datatype").textValue()),
                            shape.stream().mapToLong(Long::longValue).toArray(),
                            ByteBuffer.wrap(body, next, size),
                            name));
            next += size;
        }
        return outputs;
    }
}
