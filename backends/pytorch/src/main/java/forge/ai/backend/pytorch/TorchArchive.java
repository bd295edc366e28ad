package forge.ai.backend.pytorch;

import forge.ai.api.InvalidRequestException;
import forge.ai.api.UnsupportedException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * A TorchScript file as it is read before libtorch gets it: a zip archive whose content is whole (libtorch itself does
 * not compare checksums), whose pickles and code are what PyTorch writes, and which reaches nothing outside.
 *
 * @param forward what the model takes and gives
 * @param traced the inputs with which it was traced, where it was
 */
record TorchArchive(TorchCode.Method forward, Optional<TracedInputs> traced) {

    private static final byte[] ZIP = {'P', 'K', 3, 4};
    private static final int MOST_FILES = 1_000_000;
    private static final int LARGEST_TEXT = 64 << 20;
    private static final Set<String> OLD = Set.of("model.json");

    /**
     * Reads and checks a file.
     *
     * @throws InvalidRequestException if it is damaged or no TorchScript
     * @throws UnsupportedException if it does what it must not do here
     */
    static TorchArchive read(Path file) {
        try (InputStream start = Files.newInputStream(file)) {
            if (!Arrays.equals(start.readNBytes(ZIP.length), ZIP)) {
                throw new InvalidRequestException(
                        file.getFileName() + " is no TorchScript file, which is a zip archive");
            }
            try (ZipFile zip = new ZipFile(file.toFile())) {
                return read(zip, file.getFileName().toString());
            }
        } catch (IOException | IllegalArgumentException e) {
            throw new InvalidRequestException("%s is damaged: %s".formatted(file.getFileName(), e.getMessage()));
        }
    }

    private static TorchArchive read(ZipFile zip, String file) throws IOException {
        Map<String, byte[]> texts = new HashMap<>();
        Set<String> names = new HashSet<>();
        String root = "";
        for (ZipEntry entry : Collections.list(zip.entries())) {
            String name = entry.getName();
            int slash = name.indexOf('/');
            root = root.isEmpty() && slash > 0 ? name.substring(0, slash + 1) : root;
            // The native reader finds files whatever the case of their letters.
            boolean fresh = names.add(name.toLowerCase(Locale.ROOT));
            if (!fresh || names.size() > MOST_FILES || slash <= 0 || !name.startsWith(root)) {
                throw new InvalidRequestException(file + " is no TorchScript file: " + name + " is not to be there");
            }
            String inside = name.substring(root.length());
            try (InputStream in = zip.getInputStream(entry)) {
                if (isText(inside)) {
                    texts.put(inside, in.readNBytes(LARGEST_TEXT + 1));
                }
                // To the end, where the checksum is compared.
                in.transferTo(OutputStream.nullOutputStream());
            }
        }
        return read(texts, file);
    }

    private static boolean isText(String name) {
        return name.endsWith(".pkl") || name.startsWith("code/") || OLD.contains(name);
    }

    private static TorchArchive read(Map<String, byte[]> texts, String file) {
        if (!texts.keySet().containsAll(List.of("data.pkl", "constants.pkl"))
                || texts.keySet().stream().anyMatch(OLD::contains)) {
            throw new InvalidRequestException(
                    file
                            + " holds no TorchScript as PyTorch 1.6 and later write it; make it by torch.jit.save, not by torch.save");
        }
        Map<String, TorchCode> code = new HashMap<>();
        Map<String, PickleValue> pickles = new HashMap<>();
        texts.forEach((name, bytes) -> {
            if (bytes.length > LARGEST_TEXT) {
                throw new UnsupportedException(file + ": " + name + " is larger than 64 MiB, which is the most");
            } else if (name.endsWith("pkl")) {
                pickles.put(name, PickleReader.read(bytes, file + ": " + name));
            } else {
                TorchCode one = new TorchCode(file + ": " + name, new String(bytes, StandardCharsets.UTF_8));
                one.check();
                code.put(name, one);
            }
        });
        return new TorchArchive(
                forward(pickles.get("data.pkl"), code, file),
                Optional.ofNullable(pickles.get("traced_inputs.pkl")).flatMap(TracedInputs::of));
    }

    /** The first name in the data is the class of the model, and the name of its file is that of the module. */
    private static TorchCode.Method forward(PickleValue data, Map<String, TorchCode> code, String file) {
        PickleValue first = data;
        while (first instanceof PickleValue.Group group && !group.parts().isEmpty()) {
            first = group.parts().getFirst();
        }
        if (first instanceof PickleValue.Global type) {
            TorchCode module = code.get("code/" + type.module().replace('.', '/') + ".py");
            if (module != null) {
                return module.forward(type.name());
            }
        }
        throw new InvalidRequestException(file + " holds data but no module of TorchScript");
    }
}
