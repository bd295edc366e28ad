package forge.ai.runtime.steps;

import forge.ai.api.CancelledException;
import forge.ai.api.ErrorDetails;
import forge.ai.api.InvalidRequestException;
import forge.ai.api.ResourceExhaustedException;
import forge.ai.api.inference.Step;
import forge.ai.api.inference.StepContext;
import forge.ai.api.tensor.DataType;
import forge.ai.api.tensor.Tensor;
import forge.ai.api.tensor.TensorSpec;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.osgi.service.component.annotations.Component;

/** Makes numbers of pictures: each element of a BYTES tensor is one, a PNG or JPEG file, and becomes a row. */
@Component(property = Step.NAME + "=image")
public final class ImageStep implements Step {

    private static final int MOST_PICTURES = 256;
    private static final int LARGEST = 8192;
    private static final long MOST_NUMBERS = 1L << 28;
    private static final long BYTES = 16L << 20;
    private static final long PIXELS = 1L << 24;
    private static final Duration WAIT = Duration.ofSeconds(30);

    /** Pictures take much memory while they are read. */
    private final Semaphore turns = new Semaphore(Runtime.getRuntime().availableProcessors());

    /** The parameters. */
    private record Form(int width, int height, int channels, boolean channelsLast, boolean crop, float scale) {

        static Form of(StepContext context) {
            long channels = context.whole("channels", 1, 3, 3);
            if (channels == 2) {
                throw context.refused("channels", "1 or 3");
            }
            return new Form(
                    (int) context.whole("width", 1, LARGEST, 0),
                    (int) context.whole("height", 1, LARGEST, 0),
                    (int) channels,
                    either(context, "layout", "NCHW", "NHWC"),
                    either(context, "resize", "stretch", "crop"),
                    (float) context.number("scale", 1 / 255.0));
        }

        private static boolean either(StepContext context, String key, String usual, String other) {
            String value = context.text(key).orElse(usual);
            if (!value.equals(usual) && !value.equals(other)) {
                throw context.refused(key, usual + " or " + other);
            }
            return value.equals(other);
        }

        long[] shape(long pictures) {
            return channelsLast
                    ? new long[] {pictures, height, width, channels}
                    : new long[] {pictures, channels, height, width};
        }

        int numbers() {
            return width * height * channels;
        }
    }

    @Override
    public Map<String, Tensor> apply(Map<String, Tensor> tensors, StepContext context) {
        Chosen chosen = Chosen.of(tensors, context);
        Form form = Form.of(context);
        List<byte[]> files = chosen.tensor().bytes();
        long maxBytes = context.whole("maxBytes", 1, Integer.MAX_VALUE, BYTES);
        if (chosen.tensor().type() != DataType.BYTES || files.isEmpty() || files.size() > MOST_PICTURES) {
            throw new InvalidRequestException("the input %s is %s; expected: BYTES, 1 to %d pictures"
                    .formatted(chosen.name(), chosen.tensor(), MOST_PICTURES));
        }
        if ((long) form.numbers() * files.size() > MOST_NUMBERS) {
            throw new InvalidRequestException("so many pictures of this size are too much at once; send fewer");
        }
        PictureReader reader = new PictureReader(context.whole("maxPixels", 1, 1L << 28, PIXELS));
        ByteBuffer data = Tensor.allocate(DataType.FP32, form.numbers() * files.size());
        for (byte[] file : files) {
            if (file.length > maxBytes) {
                throw new InvalidRequestException(
                        "the picture has %d bytes; allowed are %d".formatted(file.length, maxBytes));
            }
            put(inTurn(reader, file, form), form, data);
        }
        return chosen.replacedBy(Tensor.of(DataType.FP32, form.shape(files.size()), data.flip()));
    }

    private Picture inTurn(PictureReader reader, byte[] file, Form form) {
        try {
            if (!turns.tryAcquire(WAIT.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new ResourceExhaustedException(
                        "too many pictures are being read; try again later",
                        ErrorDetails.NONE.withRetryAfter(Duration.ofSeconds(1)));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancelledException("given up while pictures were waiting to be read");
        }
        try {
            return Picture.of(reader.read(file), form.channels(), form.width(), form.height(), form.crop());
        } finally {
            turns.release();
        }
    }

    private static void put(Picture picture, Form form, ByteBuffer data) {
        int pixels = form.width() * form.height();
        if (form.channelsLast()) {
            for (int pixel = 0; pixel < pixels; pixel++) {
                for (float[] plane : picture.planes()) {
                    data.putFloat(plane[pixel] * form.scale());
                }
            }
            return;
        }
        for (float[] plane : picture.planes()) {
            for (int pixel = 0; pixel < pixels; pixel++) {
                data.putFloat(plane[pixel] * form.scale());
            }
        }
    }

    @Override
    public List<TensorSpec> takes(List<TensorSpec> next, StepContext context) {
        return Chosen.replaced(next, context, spec -> List.of(new TensorSpec(spec.name(), DataType.BYTES, -1)));
    }

    @Override
    public List<TensorSpec> gives(List<TensorSpec> before, StepContext context) {
        return Chosen.replaced(
                before,
                context,
                spec -> List.of(new TensorSpec(
                        spec.name(), DataType.FP32, Form.of(context).shape(-1))));
    }
}
