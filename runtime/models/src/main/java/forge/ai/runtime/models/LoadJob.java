package forge.ai.runtime.models;

import forge.ai.api.ForgeException;
import forge.ai.api.InternalException;
import forge.ai.api.InvalidRequestException;
import forge.ai.api.model.LoadedModel;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Loading instances of one version: hashes its files, has the backend load them, warms them up and makes sure that the
 * files did not change meanwhile.
 *
 * @param digest of the files if the version serves and these are further instances of it, else empty
 * @param count how many instances, 1 or more
 * @param estimate about how many bytes each will take
 */
record LoadJob(Slot slot, Target target, String digest, int count, long estimate) {

    private static final Logger LOG = LoggerFactory.getLogger(LoadJob.class);

    /** Whether these are instances beside others that serve. */
    boolean further() {
        return !digest.isEmpty();
    }

    /** Whether it is still to be done; to be asked under the lock of the {@link Catalog}. */
    boolean wanted() {
        return further() ? slot.growing() && slot.serves(target) : slot.awaits(target);
    }

    /** About how many bytes all will take. */
    long bytes() {
        return count * estimate;
    }

    Outcome run() {
        List<Instance> loaded = new ArrayList<>();
        Outcome outcome = null;
        try {
            String known = further() ? digest : Hashes.ofVersion(target.files());
            for (int i = 0; i < count && unchanged(); i++) {
                loaded.add(load());
            }
            outcome = unchanged() ? new Outcome.Loaded(known, List.copyOf(loaded)) : new Outcome.Changed();
        } catch (ForgeException e) {
            outcome = changed() ? new Outcome.Changed() : new Outcome.Failed(e);
        } catch (IOException e) {
            outcome = changed()
                    ? new Outcome.Changed()
                    : new Outcome.Failed(new InvalidRequestException("cannot read the files: " + e));
        } catch (Exception | LinkageError | OutOfMemoryError | StackOverflowError e) {
            LOG.warn("The backend {} failed to load {}", target.backend().name(), slot, e);
            outcome = new Outcome.Failed(
                    new InternalException("the backend " + target.backend().name() + " failed: " + e));
        } finally {
            if (!(outcome instanceof Outcome.Loaded)) {
                loaded.forEach(Instance::close);
            }
        }
        return outcome;
    }

    private Instance load() throws IOException {
        long before = ProcessMemory.outsideTheHeap();
        LoadedModel model = target.backend().service().load(target.source(slot.model()));
        boolean warm = false;
        try {
            Warming.of(target).warm(model);
            warm = true;
        } finally {
            if (!warm) {
                model.close();
            }
        }
        long grown = ProcessMemory.outsideTheHeap() - before;
        return new Instance(slot, target.backend(), model, grown);
    }

    private boolean unchanged() throws IOException {
        return RepositoryFolder.again(target.files()).equals(target.files());
    }

    private boolean changed() {
        try {
            return !unchanged();
        } catch (IOException e) {
            return false;
        }
    }
}
