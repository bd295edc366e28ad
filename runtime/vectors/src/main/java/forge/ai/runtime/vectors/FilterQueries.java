package forge.ai.runtime.vectors;

import forge.ai.api.vector.VectorFilter;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.lucene.document.DoublePoint;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.BooleanClause;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.MatchAllDocsQuery;
import org.apache.lucene.search.MatchNoDocsQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.TermInSetQuery;
import org.apache.lucene.search.TermQuery;

/** Turns one filter into a query of the index. */
final class FilterQueries {

    private static final int MOST_CONDITIONS = 500;
    private static final int MOST_VALUES = 10_000;

    private int conditions;
    private int values;

    private FilterQueries() {}

    static Query of(VectorFilter filter) {
        return new FilterQueries().query(filter);
    }

    private Query query(VectorFilter filter) {
        if (++conditions > MOST_CONDITIONS) {
            throw Limits.refused("filter", "allowed are " + MOST_CONDITIONS + " conditions");
        }
        return switch (filter) {
            case VectorFilter.Equal equal -> new TermQuery(term(equal.key(), equal.value()));
            case VectorFilter.In in -> anyOf(in);
            case VectorFilter.Range range -> range(range);
            case VectorFilter.And and -> all(and.filters());
            case VectorFilter.Or or ->
                any(or.filters().stream().map(this::query).toList());
            case VectorFilter.Not not ->
                new BooleanQuery.Builder()
                        .add(MatchAllDocsQuery.INSTANCE, BooleanClause.Occur.FILTER)
                        .add(query(not.filter()), BooleanClause.Occur.MUST_NOT)
                        .build();
        };
    }

    private static Term term(String key, Object value) {
        try {
            return EntryDocuments.equal(key, value);
        } catch (IllegalArgumentException e) {
            throw Limits.refused("filter." + key, e.getMessage());
        }
    }

    private Query anyOf(VectorFilter.In in) {
        values += in.values().size();
        if (values > MOST_VALUES) {
            throw Limits.refused("filter." + in.key(), "allowed are " + MOST_VALUES + " values");
        }
        Map<String, List<Term>> byField =
                in.values().stream().map(v -> term(in.key(), v)).collect(Collectors.groupingBy(Term::field));
        return any(byField.entrySet().stream()
                .<Query>map(e -> new TermInSetQuery(
                        e.getKey(), e.getValue().stream().map(Term::bytes).toList()))
                .toList());
    }

    private static Query range(VectorFilter.Range range) {
        if (Double.isNaN(range.from()) || Double.isNaN(range.to())) {
            throw Limits.refused("filter." + range.key(), "NaN is no end of a range");
        }
        return range.from() > range.to()
                ? MatchNoDocsQuery.INSTANCE
                : DoublePoint.newRangeQuery(EntryDocuments.point(range.key()), range.from(), range.to());
    }

    private Query all(List<VectorFilter> filters) {
        if (filters.isEmpty()) {
            return MatchAllDocsQuery.INSTANCE;
        }
        BooleanQuery.Builder query = new BooleanQuery.Builder();
        filters.forEach(f -> query.add(query(f), BooleanClause.Occur.FILTER));
        return query.build();
    }

    private static Query any(List<Query> queries) {
        if (queries.isEmpty()) {
            return MatchNoDocsQuery.INSTANCE;
        }
        BooleanQuery.Builder query = new BooleanQuery.Builder();
        queries.forEach(q -> query.add(q, BooleanClause.Occur.SHOULD));
        return query.build();
    }
}
