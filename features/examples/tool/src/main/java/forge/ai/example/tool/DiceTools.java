package forge.ai.example.tool;

import forge.ai.api.tool.ToolMethod;
import forge.ai.api.tool.ToolParameter;
import forge.ai.api.tool.ToolService;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.osgi.service.component.annotations.Component;

/** Dice: as soon as this bundle is there, language models can throw them. */
@ToolService
@Component(service = DiceTools.class, immediate = true)
public final class DiceTools {

    private static final int MOST = 100;

    @ToolMethod("throws dice, and gives what each of them shows")
    public List<Integer> roll(
            @ToolParameter(name = "dice", value = "how many, 1 to 100") int dice,
            @ToolParameter(name = "sides", value = "of each, 6 if left out") Optional<Integer> sides) {
        if (dice < 1 || dice > MOST) {
            throw new IllegalArgumentException("there are only 1 to 100 dice");
        }
        return ThreadLocalRandom.current()
                .ints(dice, 1, sides.orElse(6) + 1)
                .boxed()
                .toList();
    }
}
