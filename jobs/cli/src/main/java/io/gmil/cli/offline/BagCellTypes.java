package io.gmil.cli.offline;

import io.gmil.cohort.CohortException;
import io.gmil.cohort.Sample;
import io.gmil.model.AttentionRequest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The types of the cells of one bag, as numbers: a name is kept once. */
final class BagCellTypes {

    private static final int MOST_TYPES = Short.MAX_VALUE;

    private final Sample sample;
    private final short[] codes;
    private final Map<String, Short> byName = new LinkedHashMap<>();

    /** All cells of the sample are of unknown type at first. */
    BagCellTypes(Sample sample) {
        this.sample = sample;
        this.codes = new short[sample.cells()];
        Arrays.fill(codes, (short) -1);
    }

    /** Takes the first types of an array, null where unknown, as those of the cells from {@code at} on. */
    void put(int at, String[] types, int count) {
        for (int i = 0; i < count; i++) {
            if (types[i] != null) {
                codes[at + i] = byName.computeIfAbsent(types[i], name -> next());
            }
        }
    }

    private short next() {
        if (byName.size() == MOST_TYPES) {
            throw new CohortException("cell types of sample '%s': expected at most %d, got more; is it their column?"
                    .formatted(sample.id(), MOST_TYPES));
        }
        return (short) byName.size();
    }

    /** In the order of their code. */
    List<String> names() {
        return new ArrayList<>(byName.keySet());
    }

    /** @param topK cells to list, 0 for all */
    AttentionRequest request(int topK) {
        return new AttentionRequest(topK, codes, byName.size());
    }
}
