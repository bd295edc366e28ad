package forge.ai.backend.tensorflow;

import forge.ai.api.model.ModelSource;
import forge.ai.runtime.support.model.ModelParameters;
import org.tensorflow.proto.ConfigProto;

/**
 * How a model is loaded, from its {@code config.json}.
 *
 * @param signature which of the file's signatures is served; empty for the usual one
 * @param threads within one operation
 * @param interOpThreads operations at a time; 1 is one after the other, in the thread that calls
 */
record TensorFlowSettings(String signature, int threads, int interOpThreads) {

    static TensorFlowSettings of(ModelSource source) {
        ModelParameters keys = new ModelParameters(source);
        keys.requireCpu("TensorFlow");
        return new TensorFlowSettings(
                keys.text("signature", ""),
                keys.threads("threads", source.threads()),
                keys.threads("interOpThreads", 1));
    }

    /** Its own threads for each model: those of the process would be as many as the first model asked for. */
    ConfigProto session() {
        return ConfigProto.newBuilder()
                .setIntraOpParallelismThreads(threads)
                .setInterOpParallelismThreads(interOpThreads == 1 ? -1 : interOpThreads)
                .setUsePerSessionThreads(true)
                .build();
    }
}
