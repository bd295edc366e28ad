package forge.ai.runtime.grpc;

import forge.ai.api.tensor.Tensor;
import forge.ai.runtime.grpc.protocol.GRPCInferenceServiceGrpc;
import forge.ai.runtime.grpc.protocol.GRPCInferenceServiceGrpc.GRPCInferenceServiceBlockingStub;
import forge.ai.runtime.grpc.protocol.ModelInferRequest;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.util.Map;

/** As {@code LoadClient}, over gRPC: all callers on one connection, as the clients of the protocol have it. */
final class GrpcLoadClient {

    private GrpcLoadClient() {}

    /** Argument: port; then, for each line of standard input, callers and milliseconds of one round. */
    public static void main(String[] arguments) throws Exception {
        ManagedChannel channel = ManagedChannelBuilder.forAddress("127.0.0.1", Integer.parseInt(arguments[0]))
                .usePlaintext()
                .build();
        GRPCInferenceServiceBlockingStub client = GRPCInferenceServiceGrpc.newBlockingStub(channel);
        ModelInferRequest request =
                Messages.raw("iris", Map.of("features", Tensor.ofFloats(new long[] {1, 4}, 5.1f, 3.5f, 1.4f, 0.2f)));
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            String[] round = line.split(" ");
            Rounds.Outcome outcome =
                    Rounds.run(Integer.parseInt(round[0]), Long.parseLong(round[1]), () -> client.modelInfer(request));
            System.out.println(outcome.rate() + " " + outcome.middle() + " " + outcome.high());
        }
        channel.shutdownNow();
    }
}
