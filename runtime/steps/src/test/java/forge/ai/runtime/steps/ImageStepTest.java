package forge.ai.runtime.steps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import forge.ai.api.ForgeException;
import forge.ai.api.InvalidRequestException;
import forge.ai.api.tensor.DataType;
import forge.ai.api.tensor.Tensor;
import forge.ai.api.tensor.TensorSpec;
import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class ImageStepTest {

    private final ImageStep step = new ImageStep();

    private static Map<String, Object> form(int width, int height, int channels) {
        Map<String, Object> parameters = new HashMap<>();
        parameters.put("width", (long) width);
        parameters.put("height", (long) height);
        parameters.put("channels", (long) channels);
        parameters.put("scale", 1.0);
        return parameters;
    }

    private Tensor apply(Map<String, Object> parameters, byte[]... files) {
        Tensor given = Tensor.ofBytes(new long[] {files.length}, List.of(files));
        return step.apply(Map.of("image", given), Contexts.of("image", parameters))
                .get("image");
    }

    private static byte[] encode(BufferedImage image, String format) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        assertThat(ImageIO.write(image, format, bytes)).isTrue();
        return bytes.toByteArray();
    }

    private static byte[] grey(int width, int... samples) throws IOException {
        BufferedImage image = new BufferedImage(width, samples.length / width, BufferedImage.TYPE_BYTE_GRAY);
        image.getRaster().setSamples(0, 0, width, samples.length / width, 0, samples);
        return encode(image, "png");
    }

    private static BufferedImage colours(int type) {
        BufferedImage image = new BufferedImage(2, 1, type);
        image.setRGB(0, 0, 0xFF0A141E);
        image.setRGB(1, 0, 0xFFC8641E);
        return image;
    }

    @Test
    void greySamplesStayAsTheyAre() throws Exception {
        Tensor tensor = apply(form(3, 2, 1), grey(3, 0, 1, 64, 128, 200, 255));

        assertThat(tensor.shape()).containsExactly(1, 1, 2, 3);
        assertThat(tensor.toFloats()).containsExactly(0, 1, 64, 128, 200, 255);
    }

    @ParameterizedTest
    @ValueSource(ints = {BufferedImage.TYPE_3BYTE_BGR, BufferedImage.TYPE_INT_RGB, BufferedImage.TYPE_4BYTE_ABGR})
    void coloursAreRedGreenAndBlueHoweverTheyLie(int type) throws Exception {
        byte[] file = encode(colours(type), "png");

        assertThat(apply(form(2, 1, 3), file).toFloats()).containsExactly(10, 200, 20, 100, 30, 30);
        Map<String, Object> last = form(2, 1, 3);
        last.put("layout", "NHWC");
        Tensor tensor = apply(last, file);
        assertThat(tensor.shape()).containsExactly(1, 1, 2, 3);
        assertThat(tensor.toFloats()).containsExactly(10, 20, 30, 200, 100, 30);
    }

    @Test
    void palettesAreLookedUp() throws Exception {
        byte[] red = {10, (byte) 200};
        byte[] green = {20, 100};
        byte[] blue = {30, 30};
        BufferedImage image =
                new BufferedImage(2, 1, BufferedImage.TYPE_BYTE_BINARY, new IndexColorModel(1, 2, red, green, blue));
        image.getRaster().setSample(1, 0, 0, 1);

        assertThat(apply(form(2, 1, 3), encode(image, "png")).toFloats()).containsExactly(10, 200, 20, 100, 30, 30);
    }

    @Test
    void sixteenBitsAreScaled() throws Exception {
        BufferedImage image = new BufferedImage(2, 1, BufferedImage.TYPE_USHORT_GRAY);
        image.getRaster().setSample(0, 0, 0, 65535);
        image.getRaster().setSample(1, 0, 0, 32768);

        float[] samples = apply(form(2, 1, 1), encode(image, "png")).toFloats();

        assertThat(samples[0]).isEqualTo(255);
        assertThat(samples[1]).isCloseTo(127.502f, within(0.001f));
    }

    @Test
    void greyBecomesColoursAndColoursBecomeGreyByTheirBrightness() throws Exception {
        assertThat(apply(form(2, 1, 3), grey(2, 7, 9)).toFloats()).containsExactly(7, 9, 7, 9, 7, 9);
        float[] grey = apply(form(2, 1, 1), encode(colours(BufferedImage.TYPE_3BYTE_BGR), "png"))
                .toFloats();
        assertThat(grey[0]).isCloseTo(0.299f * 10 + 0.587f * 20 + 0.114f * 30, within(1e-4f));
        assertThat(grey[1]).isCloseTo(0.299f * 200 + 0.587f * 100 + 0.114f * 30, within(1e-4f));
    }

    /** Numbers as those of Pillow's resize with BILINEAR, before it rounds. */
    @Test
    void smallerPicturesAreMeansOfWhatTheyWere() throws Exception {
        float[] samples =
                apply(form(4, 1, 1), grey(8, 0, 10, 20, 30, 40, 50, 60, 70)).toFloats();

        assertThat(samples[0]).isCloseTo((0.75f * 0 + 0.75f * 10 + 0.25f * 20) / 1.75f, within(1e-4f));
        assertThat(samples[1]).isCloseTo(25, within(1e-4f));
        assertThat(samples[2]).isCloseTo(45, within(1e-4f));
        assertThat(samples[3]).isCloseTo((0.25f * 50 + 0.75f * 60 + 0.75f * 70) / 1.75f, within(1e-4f));
    }

    @Test
    void largerPicturesAreBetweenWhatTheyWere() throws Exception {
        float[] samples = apply(form(4, 4, 1), grey(2, 0, 100, 40, 140)).toFloats();

        assertThat(Arrays.copyOf(samples, 4)).containsExactly(0, 25, 75, 100);
        assertThat(Arrays.copyOfRange(samples, 4, 8)).containsExactly(10, 35, 85, 110);
        assertThat(Arrays.copyOfRange(samples, 12, 16)).containsExactly(40, 65, 115, 140);
    }

    @Test
    void croppingTakesTheMiddle() throws Exception {
        Map<String, Object> crop = form(2, 2, 1);
        crop.put("resize", "crop");

        assertThat(apply(crop, grey(4, 0, 1, 2, 3, 4, 5, 6, 7)).toFloats()).containsExactly(1, 2, 5, 6);
        assertThat(apply(crop, grey(2, 0, 1, 2, 3, 4, 5, 6, 7)).toFloats()).containsExactly(2, 3, 4, 5);
    }

    @Test
    void jpegIsReadToo() throws Exception {
        BufferedImage image = new BufferedImage(16, 16, BufferedImage.TYPE_3BYTE_BGR);
        for (int i = 0; i < 256; i++) {
            image.setRGB(i % 16, i / 16, 0x80C040);
        }
        float[] samples = apply(form(1, 1, 3), encode(image, "jpeg")).toFloats();

        assertThat(samples[0]).isCloseTo(0x80, within(3f));
        assertThat(samples[1]).isCloseTo(0xC0, within(3f));
        assertThat(samples[2]).isCloseTo(0x40, within(3f));
    }

    @Test
    void usuallyNumbersAreFromZeroToOneAndEachPictureIsARow() throws Exception {
        Map<String, Object> usual = form(2, 1, 1);
        usual.remove("scale");

        Tensor tensor = apply(usual, grey(2, 0, 255), grey(4, 51, 51, 51, 51));

        assertThat(tensor.shape()).containsExactly(2, 1, 1, 2);
        assertThat(tensor.toFloats()).containsExactly(new float[] {0, 1, 0.2f, 0.2f}, within(1e-6f));
    }

    @Test
    void whatIsTooLargeIsRefusedBeforeItIsRead() throws Exception {
        Map<String, Object> few = form(2, 1, 1);
        few.put("maxPixels", 3L);
        assertThatThrownBy(() -> apply(few, grey(2, 0, 1, 2, 3)))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("2 x 2");
        few.put("maxBytes", 10L);
        assertThatThrownBy(() -> apply(few, grey(2, 0, 1)))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("bytes");
        // A header alone that says 60000 x 60000.
        byte[] header = grey(1, 0);
        ByteBuffer.wrap(header).putInt(16, 60_000).putInt(20, 60_000);
        byte[] huge = withChecksums(header);
        assertThatThrownBy(() -> apply(form(1, 1, 1), huge))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("60000");
    }

    private static byte[] withChecksums(byte[] png) {
        ByteBuffer in = ByteBuffer.wrap(png);
        for (int at = 8; at < png.length; at += in.getInt(at) + 12) {
            CRC32 crc = new CRC32();
            crc.update(png, at + 4, in.getInt(at) + 4);
            in.putInt(at + 8 + in.getInt(at), (int) crc.getValue());
        }
        return png;
    }

    /** 64 MB of text in 64 kB, which a reader of notes would unpack. */
    @Test
    void packedTextsAreNotUnpacked() throws Exception {
        byte[] png = grey(2, 3, 4);
        Deflater deflater = new Deflater(9);
        deflater.setInput(new byte[64 << 20]);
        deflater.finish();
        byte[] packed = new byte[1 << 20];
        int length = deflater.deflate(packed);
        byte[] name = "bomb\0\0".getBytes(StandardCharsets.ISO_8859_1);
        ByteBuffer chunk = ByteBuffer.allocate(12 + name.length + length);
        chunk.putInt(name.length + length).put("zTXt".getBytes(StandardCharsets.ISO_8859_1));
        chunk.put(name).put(packed, 0, length).putInt(0);
        ByteBuffer all = ByteBuffer.allocate(png.length + chunk.capacity());
        all.put(png, 0, 33).put(chunk.flip()).put(png, 33, png.length - 33);
        withChecksums(all.array());

        long before = allocated();
        assertThat(apply(form(2, 1, 1), all.array()).toFloats()).containsExactly(3, 4);
        assertThat(allocated() - before).isLessThan(32L << 20);
    }

    private static long allocated() {
        return ((com.sun.management.ThreadMXBean) java.lang.management.ManagementFactory.getThreadMXBean())
                .getCurrentThreadAllocatedBytes();
    }

    @Test
    void damagedFilesAreRefusedWhateverTheDamage() throws Exception {
        Random random = new Random(5);
        byte[] png = encode(colours(BufferedImage.TYPE_3BYTE_BGR), "png");
        byte[] jpeg = encode(colours(BufferedImage.TYPE_3BYTE_BGR), "jpeg");
        int refused = 0;
        for (int i = 0; i < 600; i++) {
            byte[] whole = i % 2 == 0 ? png : jpeg;
            byte[] damaged = Arrays.copyOf(whole, i % 3 == 0 ? random.nextInt(whole.length) : whole.length);
            for (int flips = 0; flips < i % 4 && damaged.length > 0; flips++) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
            }
            try {
                apply(form(2, 1, 3), damaged);
            } catch (ForgeException e) {
                assertThat(e).isInstanceOf(InvalidRequestException.class);
                refused++;
            }
        }
        assertThat(refused).isGreaterThan(100);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "GIF89a", "hello"})
    void otherFilesAreNamedAsSuch(String content) {
        assertThatThrownBy(() -> apply(form(1, 1, 1), content.getBytes(StandardCharsets.US_ASCII)))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("neither PNG nor JPEG");
    }

    @Test
    void parametersThatCannotBeAreRefusedWithWhatIsAllowed() throws Exception {
        byte[] file = grey(1, 0);
        assertThatThrownBy(() -> apply(Map.of("width", 1L), file)).hasMessageContaining("height is missing");
        Map<String, Object> two = form(1, 1, 2);
        assertThatThrownBy(() -> apply(two, file)).hasMessageContaining("channels is 2; allowed is 1 or 3");
        Map<String, Object> layout = form(1, 1, 1);
        layout.put("layout", "HWC");
        assertThatThrownBy(() -> apply(layout, file)).hasMessageContaining("NCHW or NHWC");
    }

    @Test
    void itTakesFilesInThePlaceOfNumbers() {
        assertThat(step.takes(
                        List.of(new TensorSpec("image", DataType.FP32, -1, 1, 8, 8)),
                        Contexts.of("image", form(8, 8, 1))))
                .containsExactly(new TensorSpec("image", DataType.BYTES, -1));
    }
}
