package forge.ai.runtime.llm;

import forge.ai.api.llm.Usage;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What tokens cost; a change is taken in place. */
@Component(service = Prices.class, configurationPid = "forge.ai.prices")
@Designate(ocd = Prices.Config.class)
public final class Prices {

    private static final Logger LOG = LoggerFactory.getLogger(Prices.class);

    @ObjectClassDefinition(name = "Prices", description = "What the models of the providers cost")
    public @interface Config {
        @AttributeDefinition(
                description =
                        "provider/model=input,cachedInput,output: prices of a million tokens, in any one currency")
        String[] prices() default {};
    }

    private static final double MILLION = 1e6;

    private static final int MILLION_DIGITS = 6;
    /** Amounts are kept to a millionth of a millionth. */
    private static final int DIGITS = 12;

    private record Price(BigDecimal input, BigDecimal cachedInput, BigDecimal output) {}

    private volatile Map<String, Price> prices;

    @Activate
    public Prices(Config config) {
        prices = read(config);
    }

    /** A wrong change is refused and logged; what held before goes on. */
    @Modified
    public void modified(Config config) {
        try {
            prices = read(config);
        } catch (IllegalArgumentException e) {
            LOG.error("{}; the prices stay as they were", e.getMessage());
        }
    }

    /** What a call is likely to cost; infinite where the target has no price. */
    double cost(Target target, Demand demand) {
        Price price = prices.get(target.name());
        return price == null
                ? Double.POSITIVE_INFINITY
                : (price.input().doubleValue() * demand.inputTokens()
                                + price.output().doubleValue() * demand.outputTokens())
                        / MILLION;
    }

    /** What a call has cost; 0 where the target has no price. */
    BigDecimal cost(Target target, Usage usage) {
        Price price = prices.get(target.name());
        if (price == null) {
            return BigDecimal.ZERO;
        }
        long cached = Math.min(usage.cachedInputTokens(), usage.inputTokens());
        return price.input()
                .multiply(BigDecimal.valueOf(usage.inputTokens() - cached))
                .add(price.cachedInput().multiply(BigDecimal.valueOf(cached)))
                .add(price.output().multiply(BigDecimal.valueOf(usage.outputTokens())))
                .movePointLeft(MILLION_DIGITS)
                .setScale(DIGITS, RoundingMode.HALF_UP);
    }

    private static Map<String, Price> read(Config config) {
        Map<String, Price> read = new HashMap<>();
        for (String line : List.of(config.prices())) {
            int equals = line.lastIndexOf('=');
            String[] numbers = line.substring(equals + 1).strip().split("\\s*,\\s*", -1);
            if (equals < 1 || numbers.length != 3) {
                throw refused(line);
            }
            read.put(
                    line.substring(0, equals).strip(),
                    new Price(amount(numbers[0], line), amount(numbers[1], line), amount(numbers[2], line)));
        }
        return Map.copyOf(read);
    }

    private static BigDecimal amount(String number, String line) {
        if (!number.matches("\\d{1,9}(\\.\\d{1,12})?")) {
            throw refused(line);
        }
        return new BigDecimal(number);
    }

    private static IllegalArgumentException refused(String line) {
        return new IllegalArgumentException("forge.ai.prices: prices: '" + line
                + "': allowed is provider/model=input,cachedInput,output with numbers of 0 or more");
    }
}
