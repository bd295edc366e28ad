package forge.ai.provider.azure;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * One or two keys. While keys are rotated one of them is refused; each region then stays with the one that it took last.
 */
record KeyRing(List<String> keys) implements Credentials {

    @Override
    public Credential current(Region region, Duration limit) {
        return key(region.key());
    }

    private Credential key(int index) {
        int known = index % keys.size();
        return new Credential.Key(known, keys.get(known));
    }

    @Override
    public Optional<Credential> another(Region region, Credential refused, Duration limit) {
        if (keys.size() < 2 || !(refused instanceof Credential.Key key)) {
            return Optional.empty();
        }
        int other = 1 - key.index();
        region.moveKey(key.index(), other);
        return Optional.of(key(other));
    }

    @Override
    public String[] secrets() {
        return keys.toArray(String[]::new);
    }

    @Override
    public String toString() {
        return "KeyRing[" + keys.size() + "]";
    }
}
