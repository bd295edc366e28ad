package forge.ai.lib.tokenizers;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Hashtable;
import java.util.Map;
import java.util.function.BiFunction;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/** Stands for a bundle that imports the library: a service from a tokenizer file and a text to ids and back. */
public final class EncodingProbe implements BundleActivator {

    @Override
    public void start(BundleContext context) {
        BiFunction<Path, String, Map.Entry<long[], String>> encode = EncodingProbe::encode;
        context.registerService(BiFunction.class, encode, new Hashtable<>(Map.of("of", "probe")));
    }

    private static Map.Entry<long[], String> encode(Path file, String text) {
        Map<String, String> plain = Map.of("truncation", "do_not_truncate", "padding", "do_not_pad");
        try (HuggingFaceTokenizer tokenizer = HuggingFaceTokenizer.newInstance(file, plain)) {
            long[] ids = tokenizer.encode(text).getIds();
            return Map.entry(ids, tokenizer.decode(ids, true));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void stop(BundleContext context) {}
}
