package forge.ai.runtime.steps;

import forge.ai.api.InvalidRequestException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;

/** Reads PNG and JPEG. Colours are taken as they are; transparency and the camera's notes are left out of account. */
final class PictureReader {

    private final long maxPixels;

    PictureReader(long maxPixels) {
        this.maxPixels = maxPixels;
    }

    /** @throws InvalidRequestException if the bytes are no such picture, or it is too large */
    Pixels read(byte[] bytes) {
        boolean png = PngChunks.begins(bytes);
        if (!png && !(bytes.length > 2 && bytes[0] == (byte) 0xFF && bytes[1] == (byte) 0xD8)) {
            throw new InvalidRequestException("the picture is neither PNG nor JPEG");
        }
        ImageReader reader =
                ImageIO.getImageReadersByFormatName(png ? "png" : "jpeg").next();
        try (ImageInputStream in =
                new MemoryCacheImageInputStream(new ByteArrayInputStream(png ? PngChunks.needed(bytes) : bytes))) {
            reader.setInput(in, true, true);
            long pixels = (long) reader.getWidth(0) * reader.getHeight(0);
            if (pixels > maxPixels) {
                throw new InvalidRequestException("the picture has %d x %d pixels; allowed are %d together"
                        .formatted(reader.getWidth(0), reader.getHeight(0), maxPixels));
            }
            return new Pixels(reader.read(0));
        } catch (IOException | IllegalArgumentException | IndexOutOfBoundsException | NegativeArraySizeException e) {
            throw new InvalidRequestException(
                    "the picture is damaged, or of a kind that is not read: " + e.getMessage());
        } finally {
            reader.dispose();
        }
    }
}
