package io.gmil.cli.offline;

import io.gmil.cohort.CellRun;
import io.gmil.cohort.Cohort;
import io.gmil.cohort.CohortException;
import io.gmil.cohort.Sample;
import io.gmil.model.Cells;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;
import java.util.function.Predicate;

/**
 * Hands over the bags of a cohort as soon as they are whole. Where the cells of a sample follow each other, as they do in
 * most files, one bag is in memory at a time; where samples are mixed, those that have begun and not ended.
 */
public final class BagStream {

    private static final int LONGEST_ARRAY = Integer.MAX_VALUE - 8;

    /**
     * One whole bag. The cells lie in one array whatever pieces they were read in, so that sums over them do not depend on
     * the file they came from.
     *
     * @param sample index into {@link Cohort#samples()}
     * @param cells X (I × Q), unscaled
     * @param values the same, row-major
     * @param cellIds of the cells, or null where the cohort has none
     * @param cellTypes of the cells, or null where no column of them is read
     * @param trueWeights known attention weights, or null
     */
    @SuppressWarnings("ArrayRecordComponent") // a carrier, never compared
    public record Bag(
            int sample, Cells cells, float[] values, String[] cellIds, BagCellTypes cellTypes, double[] trueWeights) {}

    /** Receives bags. */
    @FunctionalInterface
    public interface Visitor {
        void visit(Bag bag) throws IOException;
    }

    private final int width;
    private final List<Sample> samples;
    private final Predicate<Sample> wanted;
    private final Visitor visitor;
    private final LongConsumer progress;
    private final Map<Integer, Open> open = new HashMap<>();
    private int whole;
    private long cells;

    private BagStream(Cohort cohort, Predicate<Sample> wanted, Visitor visitor, LongConsumer progress) {
        this.width = cohort.width();
        this.samples = cohort.samples();
        this.wanted = wanted;
        this.visitor = visitor;
        this.progress = progress;
    }

    /**
     * Reads a cohort once, in the order in which bags become whole.
     *
     * @param wanted which samples
     * @throws CohortException for a damaged cohort, or one whose unfinished bags do not fit into memory
     */
    public static void read(Cohort cohort, Predicate<Sample> wanted, Visitor visitor) throws IOException {
        read(cohort, wanted, visitor, cells -> {});
    }

    /**
     * The same.
     *
     * @param progress told how many cells of these samples have been read, often
     */
    public static void read(Cohort cohort, Predicate<Sample> wanted, Visitor visitor, LongConsumer progress)
            throws IOException {
        BagStream stream = new BagStream(cohort, wanted, visitor, progress);
        try {
            cohort.scan(stream::take);
        } catch (OutOfMemoryError e) {
            int unfinished = stream.open.size();
            stream.open.clear();
            throw new CohortException(
                    "memory: expected room for the cells of " + Math.max(1, unfinished) + " samples at a time, got "
                            + Runtime.getRuntime().maxMemory() / 1_000_000 + " MB of heap; set GMIL_JAVA_OPTS to a"
                            + " larger -Xmx" + (unfinished > 1 ? ", or sort the cells by sample" : ""),
                    e);
        }
        stream.requireAll();
    }

    private void take(CellRun run) throws IOException {
        Sample sample = samples.get(run.sample());
        if (!wanted.test(sample)) {
            return;
        }
        Open bag = open.get(run.sample());
        if (bag == null) {
            bag = new Open(sample, run, width);
            open.put(run.sample(), bag);
        }
        bag.add(run, width);
        cells += run.rows();
        progress.accept(cells);
        if (bag.read == sample.cells()) {
            open.remove(run.sample());
            whole++;
            visitor.visit(bag.whole(run.sample(), width));
        }
    }

    private void requireAll() {
        open.forEach((sample, bag) -> {
            throw new CohortException("cells of sample '%s': expected %d, got %d"
                    .formatted(samples.get(sample).id(), samples.get(sample).cells(), bag.read));
        });
        long expected = samples.stream().filter(wanted).count();
        if (whole != expected) {
            throw new CohortException("samples with cells: expected " + expected + ", got " + whole);
        }
    }

    /** A bag that is being read. */
    private static final class Open {

        private final float[] values;
        private final String[] cellIds;
        private final BagCellTypes cellTypes;
        private final double[] trueWeights;
        private int read;

        Open(Sample sample, CellRun first, int width) {
            long length = (long) sample.cells() * width;
            if (length > LONGEST_ARRAY) {
                throw new CohortException("sample '%s': expected at most %d values to be held in memory, got %d"
                        .formatted(sample.id(), LONGEST_ARRAY, length));
            }
            values = new float[(int) length];
            cellIds = first.cellIds() == null ? null : new String[sample.cells()];
            cellTypes = first.cellTypes() == null ? null : new BagCellTypes(sample);
            trueWeights = first.trueWeights() == null ? null : new double[sample.cells()];
        }

        void add(CellRun run, int width) {
            int at = run.firstCell();
            System.arraycopy(run.values(), 0, values, at * width, run.rows() * width);
            if (cellIds != null) {
                System.arraycopy(run.cellIds(), 0, cellIds, at, run.rows());
            }
            if (cellTypes != null) {
                cellTypes.put(at, run.cellTypes(), run.rows());
            }
            if (trueWeights != null) {
                System.arraycopy(run.trueWeights(), 0, trueWeights, at, run.rows());
            }
            read += run.rows();
        }

        Bag whole(int sample, int width) {
            return new Bag(sample, Cells.of(values, read, width), values, cellIds, cellTypes, trueWeights);
        }
    }
}
