package forge.ai.runtime.steps;

import forge.ai.api.InvalidRequestException;

/**
 * A picture as planes of samples from 0 to 255, one for each channel, row by row.
 *
 * @param width in pixels
 * @param height in pixels
 * @param planes grey, or red, green and blue
 */
record Picture(int width, int height, float[][] planes) {

    /** The most numbers of one plane on the way from one size to the other. */
    private static final long MOST_NUMBERS = 1 << 26;

    /** The part of a picture that is taken. */
    private record Part(int left, int top, int width, int height) {

        static Part all(Pixels pixels) {
            return new Part(0, 0, pixels.width(), pixels.height());
        }

        /** The largest in the middle with this ratio of width to height. */
        static Part middle(Pixels pixels, int width, int height) {
            long across = (long) pixels.width() * height;
            long down = (long) pixels.height() * width;
            int newWidth = across > down ? Math.max(1, (int) (down / height)) : pixels.width();
            int newHeight = across < down ? Math.max(1, (int) (across / width)) : pixels.height();
            return new Part((pixels.width() - newWidth) / 2, (pixels.height() - newHeight) / 2, newWidth, newHeight);
        }
    }

    /**
     * A decoded picture in another size; never more of it in full size than a row.
     *
     * @param channels 1 or 3
     * @param crop keeps the ratio of width to height, and leaves out what is beyond
     */
    static Picture of(Pixels pixels, int channels, int width, int height, boolean crop) {
        Part part = crop ? Part.middle(pixels, width, height) : Part.all(pixels);
        if ((long) part.height() * width > MOST_NUMBERS) {
            throw new InvalidRequestException("the picture of %d x %d pixels is too tall to be made %d wide"
                    .formatted(pixels.width(), pixels.height(), width));
        }
        TriangleFilter across = TriangleFilter.of(part.width(), width);
        TriangleFilter down = TriangleFilter.of(part.height(), height);
        float[][] narrow = new float[channels][part.height() * width];
        float[][] row = new float[channels][pixels.width()];
        for (int y = 0; y < part.height(); y++) {
            pixels.row(part.top() + y, row);
            for (int channel = 0; channel < channels; channel++) {
                across.row(row[channel], part.left(), narrow[channel], y * width);
            }
        }
        float[][] planes = new float[channels][];
        for (int channel = 0; channel < channels; channel++) {
            planes[channel] = down.columns(narrow[channel], width);
        }
        return new Picture(width, height, planes);
    }
}
