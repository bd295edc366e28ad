package forge.ai.runtime.vectors;

import forge.ai.api.Cancellation;
import forge.ai.api.ErrorDetails;
import forge.ai.api.NotFoundException;
import forge.ai.api.ResourceExhaustedException;
import forge.ai.api.UnavailableException;
import forge.ai.api.vector.CollectionSpec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.LockObtainFailedException;
import org.apache.lucene.store.MMapDirectory;
import org.apache.lucene.util.IOUtils;

/** The collections of a folder, each in a folder of its name; opens each when it is first asked for. */
final class CollectionStore {

    /** No collection can have such a name. */
    private static final String DROPPED = ".dropped-";

    private final Path root;
    private final Supplier<Settings> settings;
    private final Map<String, StoredCollection> open = new ConcurrentHashMap<>();
    private final ReentrantLock lock = new ReentrantLock();
    private boolean closed;

    /** Also removes what was dropped before the process died. */
    CollectionStore(Path root, Supplier<Settings> settings) throws IOException {
        this.root = root;
        this.settings = settings;
        Files.createDirectories(root);
        for (Path folder : folders()) {
            if (folder.getFileName().toString().startsWith(DROPPED)) {
                delete(folder);
            }
        }
    }

    private List<Path> folders() throws IOException {
        try (Stream<Path> all = Files.list(root)) {
            return all.filter(Files::isDirectory).toList();
        }
    }

    /** @throws NotFoundException if there is none */
    StoredCollection get(String name) throws IOException {
        StoredCollection found = open.get(name);
        if (found != null) {
            return found;
        }
        return find(name).orElseThrow(() -> none(name));
    }

    static NotFoundException none(String name) {
        return new NotFoundException(
                "no vector collection '" + name + "'", ErrorDetails.NONE.withParameter("collection"));
    }

    private Optional<StoredCollection> find(String name) throws IOException {
        Limits.name(name);
        lock.lock();
        try {
            checkOpen();
            StoredCollection found = open.get(name);
            if (found == null && Files.isDirectory(root.resolve(name))) {
                found = StoredCollection.open(root.resolve(name), settings).orElse(null);
                if (found != null) {
                    open.put(name, found);
                }
            }
            return Optional.ofNullable(found);
        } finally {
            lock.unlock();
        }
    }

    private void checkOpen() {
        if (closed) {
            throw new UnavailableException("the vector service is being stopped");
        }
    }

    /** All collections, by name. */
    List<StoredCollection> all() throws IOException {
        List<StoredCollection> all = new ArrayList<>();
        for (String name : names()) {
            find(name).ifPresent(all::add);
        }
        return all;
    }

    private List<String> names() throws IOException {
        return folders().stream()
                .map(folder -> folder.getFileName().toString())
                .filter(name -> !name.startsWith("."))
                .sorted()
                .toList();
    }

    void create(CollectionSpec spec) throws IOException {
        lock.lock();
        try {
            checkOpen();
            int most = settings.get().limits().collections();
            if (!Files.isDirectory(root.resolve(spec.name())) && names().size() >= most) {
                throw new ResourceExhaustedException("there are " + most + " collections, as many as allowed");
            }
            try (Directory directory = new MMapDirectory(root.resolve(spec.name()))) {
                if (!CollectionRecord.create(directory, spec, settings.get())) {
                    throw exists(spec);
                }
            } catch (LockObtainFailedException e) {
                // Whoever holds the lock has it open, or is just making it.
                throw exists(spec);
            }
            IOUtils.fsync(root, true);
        } finally {
            lock.unlock();
        }
    }

    private static RuntimeException exists(CollectionSpec spec) {
        return Limits.refused("name", "there is a vector collection '" + spec.name() + "'");
    }

    /** Takes a collection away: it is gone, also after a crash, once its folder has another name. */
    void drop(String name, Cancellation cancellation) throws IOException {
        StoredCollection collection = get(name);
        Path dropped = root.resolve(DROPPED + UUID.randomUUID());
        collection.writer().last(() -> move(root.resolve(name), dropped), cancellation);
        open.remove(name, collection);
        collection.close();
        IOUtils.fsync(root, true);
        delete(dropped);
    }

    private static void move(Path from, Path to) {
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }

    /** Whether a collection is still there; lets go of one that another instance has dropped. */
    boolean holds(StoredCollection collection) throws IOException {
        String name = collection.spec().name();
        if (!Files.isDirectory(root.resolve(name)) && open.remove(name, collection)) {
            collection.close();
        }
        return open.containsValue(collection);
    }

    void close() throws IOException {
        lock.lock();
        try {
            closed = true;
        } finally {
            lock.unlock();
        }
        for (StoredCollection collection : open.values()) {
            collection.close();
        }
        open.clear();
    }
}
