package forge.ai.runtime.inference;

import forge.ai.api.tensor.Tensor;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;

/**
 * Handwritten digits.
 *
 * @param image as the model {@code digits} takes it, one row
 * @param label what was written
 */
record Digits(Tensor image, int label) {

    static List<Digits> read(Path file) throws IOException {
        List<Digits> all = new ArrayList<>();
        try (BufferedReader lines = new BufferedReader(
                new InputStreamReader(new GZIPInputStream(Files.newInputStream(file)), StandardCharsets.US_ASCII))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                String[] numbers = line.split(",");
                float[] pixels = new float[64];
                for (int i = 0; i < 64; i++) {
                    pixels[i] = Float.parseFloat(numbers[i]) / 16;
                }
                Tensor image = Tensor.ofFloats(new long[] {1, 1, 8, 8}, pixels);
                all.add(new Digits(image, Integer.parseInt(numbers[64])));
            }
        }
        return all;
    }
}
