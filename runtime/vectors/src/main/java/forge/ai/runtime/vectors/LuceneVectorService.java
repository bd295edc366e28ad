package forge.ai.runtime.vectors;

import forge.ai.api.llm.LlmService;
import forge.ai.api.vector.ClusterOptions;
import forge.ai.api.vector.Clusters;
import forge.ai.api.vector.CollectionSpec;
import forge.ai.api.vector.StoredClusters;
import forge.ai.api.vector.VectorCollection;
import forge.ai.api.vector.VectorEntry;
import forge.ai.api.vector.VectorFilter;
import forge.ai.api.vector.VectorMatch;
import forge.ai.api.vector.VectorQuery;
import forge.ai.api.vector.VectorService;
import forge.ai.runtime.support.lease.LeaseRouter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Collections in the folder {@code data/vectors} of the home folder. Nothing of Lucene is loaded before the first call. */
@Component(service = VectorService.class, immediate = true, configurationPid = LuceneVectorService.PID)
@Designate(ocd = LuceneVectorService.Config.class)
public final class LuceneVectorService implements VectorService {

    static final String PID = "forge.ai.runtime.vectors";

    private static final Logger LOG = LoggerFactory.getLogger(LuceneVectorService.class);

    /** The configuration. */
    @ObjectClassDefinition(name = "Vectors", description = "Collections of vectors, kept and searched")
    public @interface Config {
        @AttributeDefinition(description = "candidates of a search by the graph that asks for no number, 1 to 10000")
        int effort() default 100;

        @AttributeDefinition(description = "links of a vector in graphs written from now on, 2 to 512")
        int graphLinks() default 16;

        @AttributeDefinition(
                description = "candidates for the links of a vector in graphs written from now on, 2 to 3200")
        int graphCandidates() default 100;

        @AttributeDefinition(description = "the most collections, 1 to 10000")
        int maxCollections() default 256;

        @AttributeDefinition(description = "the most entries of a collection, 1 to 100000000")
        int maxEntries() default 10_000_000;

        @AttributeDefinition(description = "the most dimensions, 1 to 16384")
        int maxDimensions() default 4_096;

        @AttributeDefinition(description = "the most entries or ids in one call, 1 to 100000")
        int maxBatch() default 10_000;

        @AttributeDefinition(description = "the most matches of one search, 1 to 100000")
        int maxK() default 1_000;

        @AttributeDefinition(description = "the most characters of one text, 1 to 16777216")
        int maxTextChars() default 1_048_576;

        @AttributeDefinition(description = "the most numbers of all vectors in one k-means, 1 to 1000000000")
        int maxClusterValues() default 33_554_432;

        @AttributeDefinition(description = "how long a change waits for the bundle that this one replaces, 0 to 600000")
        int lockWaitMillis() default 65_000;
    }

    private final LeaseRouter<LlmService> llm = new LeaseRouter<>();
    private final TextVectors texts = new TextVectors(llm);
    private final VectorCalls calls;
    private volatile Settings settings;

    @Activate
    public LuceneVectorService(BundleContext context, Config config) {
        this(Path.of(Optional.ofNullable(context.getProperty("forge.home")).orElse("home")), config);
    }

    LuceneVectorService(Path home, Config config) {
        settings = Settings.of(config);
        calls = new VectorCalls(
                home.toAbsolutePath().normalize().resolve("data").resolve("vectors"), () -> settings);
    }

    /** A wrong change is refused and logged; what held before goes on. */
    @Modified
    void modified(Config config) {
        try {
            settings = Settings.of(config);
        } catch (IllegalArgumentException e) {
            LOG.error("{}: {}; the settings stay as they were", PID, e.getMessage());
        }
    }

    @Deactivate
    void deactivate() {
        calls.close();
    }

    @Reference(
            service = LlmService.class,
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY,
            updated = "updatedLlm",
            unbind = "unbindLlm")
    void bindLlm(LlmService service, Map<String, Object> properties) {
        llm.add(service, properties);
    }

    void updatedLlm(LlmService service, Map<String, Object> properties) {
        llm.update(service, properties);
    }

    void unbindLlm(LlmService service) {
        llm.remove(service);
    }

    @Override
    public void create(CollectionSpec spec) {
        settings.limits().check(spec);
        calls.change((store, cancellation) -> {
            cancellation.check();
            store.create(spec);
            return spec;
        });
    }

    @Override
    public void drop(String collection) {
        calls.change((store, cancellation) -> {
            store.drop(collection, cancellation);
            return collection;
        });
    }

    @Override
    public List<VectorCollection> collections() {
        return calls.read(store -> {
            List<VectorCollection> all = new ArrayList<>();
            for (StoredCollection one : store.all()) {
                all.add(new VectorCollection(one.spec(), one.entries()));
            }
            return all;
        });
    }

    @Override
    public VectorCollection collection(String name) {
        return calls.readIn(name, one -> new VectorCollection(one.spec(), one.entries()));
    }

    @Override
    public void add(String collection, List<VectorEntry> entries) {
        write(collection, entries, false);
    }

    @Override
    public void put(String collection, List<VectorEntry> entries) {
        write(collection, entries, true);
    }

    private void write(String collection, List<VectorEntry> entries, boolean replace) {
        Limits limits = settings.limits();
        limits.check(entries);
        CollectionSpec spec = calls.readIn(collection, StoredCollection::spec);
        List<VectorEntry> complete = texts.complete(entries, spec);
        calls.changeIn(collection, (one, cancellation) -> one.write(complete, replace, limits, cancellation));
    }

    @Override
    public int delete(String collection, Collection<String> ids) {
        settings.limits().check(ids, "ids");
        return calls.changeIn(collection, (one, cancellation) -> one.delete(ids, cancellation));
    }

    @Override
    public List<VectorEntry> get(String collection, List<String> ids) {
        settings.limits().check(ids, "ids");
        return calls.readIn(collection, one -> one.get(ids));
    }

    @Override
    public List<VectorMatch> search(VectorQuery query) {
        settings.limits().check(query);
        CollectionSpec spec = calls.readIn(query.collection(), StoredCollection::spec);
        CollectionSearch search = new CollectionSearch(spec, texts.vector(query, spec), query, settings.effort());
        return calls.readIn(query.collection(), one -> one.read(search::in));
    }

    @Override
    public Clusters cluster(List<float[]> vectors, ClusterOptions options) {
        settings.limits().check(vectors, options);
        return calls.cluster(() -> KMeans.of(vectors, options));
    }

    @Override
    public StoredClusters cluster(String collection, VectorFilter filter, ClusterOptions options) {
        Limits limits = settings.limits();
        return calls.cluster(() -> {
            StoredVectors stored = calls.readIn(collection, one -> StoredVectors.of(one, filter, options, limits));
            return new StoredClusters(stored.ids(), KMeans.of(stored.vectors(), options));
        });
    }
}
