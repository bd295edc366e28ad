package forge.ai.runtime.callers;

import forge.ai.api.AuthenticationException;
import forge.ai.api.llm.Admission;
import forge.ai.api.llm.Caller;
import forge.ai.api.llm.CallerStatus;
import forge.ai.api.llm.Callers;
import forge.ai.api.llm.RateLimits;
import forge.ai.api.llm.UsageFilter;
import forge.ai.api.llm.UsageLedger;
import forge.ai.api.llm.UsageTotal;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The callers by the keys that are configured for them. */
@Component(service = Callers.class, immediate = true)
public final class KeyedCallers implements Callers {

    private static final Logger LOG = LoggerFactory.getLogger(KeyedCallers.class);

    /** Anybody, where nobody has to say who it is. */
    private static final Admission FREE = new Admission() {
        @Override
        public RateLimits limits() {
            return RateLimits.NONE;
        }

        @Override
        public void settle(long tokens, BigDecimal cost) {}

        @Override
        public void close() {}
    };

    private static final int GONE = 1000;

    private final Set<KeyConfiguration> configurations = new HashSet<>();
    private final Map<String, Account> known = new HashMap<>();
    private volatile Map<KeyHash, Account> byHash = Map.of();
    private volatile Map<String, Account> byName = Map.of();
    private volatile @Nullable UsageLedger ledger;

    @Activate
    public KeyedCallers() {}

    @Reference(
            service = UsageLedger.class,
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindLedger(UsageLedger value) {
        ledger = value;
    }

    void unbindLedger(UsageLedger value) {
        if (ledger == value) {
            ledger = null;
        }
    }

    @Reference(
            service = KeyConfiguration.class,
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY,
            updated = "updatedKey",
            unbind = "unbindKey")
    synchronized void bindKey(KeyConfiguration key) {
        configurations.add(key);
        publish();
    }

    synchronized void updatedKey(KeyConfiguration key) {
        publish();
    }

    synchronized void unbindKey(KeyConfiguration key) {
        configurations.remove(key);
        publish();
    }

    private void publish() {
        Map<KeyHash, Account> hashes = new HashMap<>();
        Map<String, Account> names = new HashMap<>();
        for (KeyConfiguration configuration : configurations) {
            KeyConfiguration.Settings settings = configuration.settings();
            String name = settings.caller().name();
            if (names.containsKey(name) || hashes.containsKey(settings.hash())) {
                LOG.warn("the key '{}' is configured twice, by name or by hash; one of the two is not used", name);
                continue;
            }
            Account account = known.computeIfAbsent(name, n -> account(settings));
            account.change(settings);
            names.put(name, account);
            hashes.put(settings.hash(), account);
        }
        // A file that is deleted and written anew leaves a gap, in which what was used is not forgotten.
        if (known.size() > names.size() + GONE) {
            known.keySet().retainAll(names.keySet());
        }
        byName = Map.copyOf(names);
        byHash = Map.copyOf(hashes);
    }

    private Account account(KeyConfiguration.Settings settings) {
        String name = settings.caller().name();
        return new Account(settings, System::nanoTime, InstantSource.system(), since -> spent(name, since));
    }

    private Optional<BigDecimal> spent(String name, Instant since) {
        UsageLedger book = ledger;
        return Optional.ofNullable(book)
                .map(b -> b.totals(UsageFilter.ALL.withKey(name).withFrom(since)).stream()
                        .map(UsageTotal::cost)
                        .reduce(BigDecimal.ZERO, BigDecimal::add));
    }

    @Override
    public boolean closed() {
        return !byHash.isEmpty();
    }

    @Override
    public Caller authenticate(String key) {
        Account account = byHash.get(KeyHash.of(key));
        if (account == null) {
            throw new AuthenticationException("the key is not known here");
        }
        return account.settings().caller();
    }

    @Override
    public Admission admit(Caller caller, long input, long output, BigDecimal cost) {
        if (caller.equals(Caller.ANONYMOUS)) {
            return FREE;
        }
        Account account = byName.get(caller.name());
        if (account == null) {
            throw new AuthenticationException("the key '" + caller.name() + "' has been taken away");
        }
        return account.admit(input, output, cost);
    }

    @Override
    public RateLimits limits(Caller caller) {
        return Optional.ofNullable(byName.get(caller.name()))
                .map(Account::limits)
                .orElse(RateLimits.NONE);
    }

    @Override
    public NewKey newKey() {
        String key = KeyHash.newKey();
        return new NewKey(key, KeyHash.of(key).toString());
    }

    @Override
    public List<CallerStatus> list() {
        return byName.values().stream()
                .map(Account::status)
                .sorted(Comparator.comparing(status -> status.caller().name()))
                .toList();
    }
}
