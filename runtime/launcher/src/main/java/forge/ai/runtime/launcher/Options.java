package forge.ai.runtime.launcher;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * What the command line says.
 *
 * @param home the home folder
 * @param http where HTTP listens, HOST:PORT; otherwise as configured
 * @param grpc where gRPC listens, HOST:PORT; otherwise as configured
 * @param features what to start besides the default feature, by name
 * @param shell whether the interactive shell opens in this terminal
 * @param rest what is no option
 */
record Options(
        Path home,
        Optional<Address> http,
        Optional<Address> grpc,
        List<String> features,
        boolean shell,
        List<String> rest) {

    static Options parse(List<String> arguments) {
        Deque<String> left = new ArrayDeque<>(arguments);
        Path home = Path.of(System.getProperty("forge.home", "home"));
        Optional<Address> http = Optional.empty();
        Optional<Address> grpc = Optional.empty();
        List<String> features = new ArrayList<>();
        boolean shell = false;
        List<String> rest = new ArrayList<>();
        while (!left.isEmpty()) {
            String option = left.pop();
            switch (option) {
                case "--home" -> home = Path.of(value(option, left));
                case "--http" -> http = Optional.of(Address.parse(option, value(option, left)));
                case "--grpc" -> grpc = Optional.of(Address.parse(option, value(option, left)));
                case "--feature" -> {
                    features.add(value(option, left));
                    while (!left.isEmpty() && !left.peek().startsWith("--")) {
                        features.add(left.pop());
                    }
                }
                case "--shell" -> shell = true;
                default -> {
                    if (option.startsWith("--")) {
                        throw Exit.failed("unknown option " + option + "; ./forge help lists them");
                    }
                    rest.add(option);
                }
            }
        }
        return new Options(home.toAbsolutePath().normalize(), http, grpc, features, shell, rest);
    }

    private static String value(String option, Deque<String> left) {
        if (left.isEmpty()) {
            throw Exit.failed(option + " needs a value");
        }
        return left.pop();
    }
}
