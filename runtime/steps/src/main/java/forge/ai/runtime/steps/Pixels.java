package forge.ai.runtime.steps;

import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.util.Arrays;

/** A decoded picture, row by row, as samples from 0 to 255. */
final class Pixels {

    private final BufferedImage image;
    private final Raster raster;
    private final boolean indexed;
    private final boolean grey;
    private final float scale;
    private final int[] buffer;

    Pixels(BufferedImage image) {
        this.image = image;
        this.raster = image.getRaster();
        int bits = raster.getSampleModel().getSampleSize(0);
        this.indexed = image.getColorModel() instanceof IndexColorModel || bits < 8;
        this.grey = !indexed && raster.getNumBands() < 3;
        this.scale = 255f / ((1 << bits) - 1);
        this.buffer = new int[image.getWidth()];
    }

    int width() {
        return image.getWidth();
    }

    int height() {
        return image.getHeight();
    }

    /** Puts a row into one plane, in grey (ITU-R BT.601), or into three, in colours. */
    void row(int y, float[][] planes) {
        if (planes.length == 3) {
            for (int channel = 0; channel < 3; channel++) {
                samples(y, channel);
                for (int x = 0; x < buffer.length; x++) {
                    planes[channel][x] = buffer[x] * scale();
                }
            }
        } else if (grey) {
            samples(y, 0);
            for (int x = 0; x < buffer.length; x++) {
                planes[0][x] = buffer[x] * scale();
            }
        } else {
            Arrays.fill(planes[0], 0);
            add(y, 0, 0.299f, planes[0]);
            add(y, 1, 0.587f, planes[0]);
            add(y, 2, 0.114f, planes[0]);
        }
    }

    private float scale() {
        return indexed ? 1 : scale;
    }

    private void add(int y, int channel, float weight, float[] plane) {
        samples(y, channel);
        for (int x = 0; x < buffer.length; x++) {
            plane[x] += weight * (buffer[x] * scale());
        }
    }

    private void samples(int y, int channel) {
        if (indexed) {
            image.getRGB(0, y, buffer.length, 1, buffer, 0, buffer.length);
            for (int x = 0; x < buffer.length; x++) {
                buffer[x] = buffer[x] >> 16 - 8 * channel & 0xFF;
            }
        } else {
            // Not getRGB: it would change greys, which it takes for linear light.
            raster.getSamples(0, y, buffer.length, 1, grey ? 0 : channel, buffer);
        }
    }
}
