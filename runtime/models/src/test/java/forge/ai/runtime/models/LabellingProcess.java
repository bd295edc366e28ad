package forge.ai.runtime.models;

import forge.ai.api.ForgeException;
import forge.ai.api.model.ModelRegistry;
import java.nio.file.Path;
import java.util.Map;

/**
 * A process whose registry puts one label after the other on version 1 of the model {@code one}, and says which, until it
 * cannot or is killed.
 */
final class LabellingProcess {

    private LabellingProcess() {}

    /** @param arguments the home folder, and the number of the first label */
    public static void main(String[] arguments) {
        FolderModelRegistry registry = new FolderModelRegistry(Path.of(arguments[0]), Configs.of(Map.of()));
        registry.bindBackend(new NumberBackend(), NumberBackend.properties(1));
        registry.load("one");
        try {
            for (int i = Integer.parseInt(arguments[1]); ; i++) {
                label(registry, i);
            }
        } catch (ForgeException e) {
            System.out.println("refused " + e.getMessage());
            System.out.println("kept " + registry.config("one").labels().size());
        }
        registry.deactivate();
    }

    private static void label(ModelRegistry registry, int number) {
        System.out.println("begun " + number);
        registry.label("one", "label-" + number, 1);
        registry.traffic("one", Map.of("label-" + number, 1 + number));
        System.out.println("done " + number);
    }
}
