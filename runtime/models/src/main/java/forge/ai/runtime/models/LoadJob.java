package forge.ai.runtime.models;

import forge.ai.api.ForgeException;
import forge.ai.api.InternalException;
import forge.ai.api.InvalidRequestException;
import forge.ai.api.model.LoadedModel;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Loading one version: hashes its files, has the backend load them and makes sure that they did not change meanwhile. */
record LoadJob(Slot slot, Target target) {

    private static final Logger LOG = LoggerFactory.getLogger(LoadJob.class);

    Outcome run() {
        try {
            String digest = Hashes.ofVersion(target.files());
            return unchanged() ? load(digest) : new Outcome.Changed();
        } catch (IOException e) {
            return changed()
                    ? new Outcome.Changed()
                    : new Outcome.Failed(new InvalidRequestException("cannot read the files: " + e));
        }
    }

    private Outcome load(String digest) throws IOException {
        LoadedModel loaded;
        try {
            loaded = target.backend().service().load(target.source(slot.model()));
        } catch (ForgeException e) {
            return unchanged() ? new Outcome.Failed(e) : new Outcome.Changed();
        } catch (Exception | LinkageError | OutOfMemoryError | StackOverflowError e) {
            LOG.warn("The backend {} failed to load {}", target.backend().name(), slot, e);
            return new Outcome.Failed(
                    new InternalException("the backend " + target.backend().name() + " failed: " + e));
        }
        if (!unchanged()) {
            loaded.close();
            return new Outcome.Changed();
        }
        return new Outcome.Loaded(new Instance(slot.model(), target, digest, loaded));
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
