package forge.ai.backend.pytorch;

import forge.ai.runtime.testkit.model.LoadSeries;
import forge.ai.runtime.testkit.model.ModelFixtures;
import java.nio.file.Files;

/** Prints the memory of the process over 200 loads of the digits model. */
final class TorchLoads {

    private TorchLoads() {}

    public static void main(String[] arguments) throws Exception {
        ModelFixtures fixtures = ModelFixtures.of("torchscript");
        ModelFixtures.Case one = fixtures.model("digits_cnn.pt").cases().getFirst();
        TorchFixtures files = new TorchFixtures(fixtures, Files.createTempDirectory("loads"));
        LoadSeries.print(new PyTorchBackend(), files.declared("digits_cnn.pt", one), one.inputs());
    }
}
