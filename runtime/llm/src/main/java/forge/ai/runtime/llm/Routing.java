package forge.ai.runtime.llm;

import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** What the choice of targets rests on; time and chance come from outside, so that tests can set them. */
record Routing(
        Providers providers,
        Routes routes,
        Prices prices,
        Accounting accounting,
        Supplier<Settings> current,
        LongSupplier clock,
        DoubleSupplier chance) {

    Settings settings() {
        return current.get();
    }

    long nanos() {
        return clock.getAsLong();
    }

    Strategy.Outlook outlook(Demand demand, boolean stream) {
        return new Strategy.Outlook() {
            @Override
            public double latencyNanos(Target target) {
                return routes.state(target).latency(stream).estimate();
            }

            @Override
            public int active(Target target) {
                return routes.state(target).active().get();
            }

            @Override
            public double cost(Target target) {
                return prices.cost(target, demand);
            }

            @Override
            public double random() {
                return chance.getAsDouble();
            }
        };
    }
}
