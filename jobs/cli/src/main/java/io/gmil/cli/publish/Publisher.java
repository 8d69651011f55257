package io.gmil.cli.publish;

import io.gmil.cohort.CellRun;
import io.gmil.cohort.Cohort;
import io.gmil.cohort.Sample;
import io.gmil.schema.CellChunk;
import io.gmil.schema.Control;
import io.gmil.schema.Label;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.InstantSource;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Publishes a cohort the way a pipeline would: chunks in shuffled order, some twice, neighbouring samples interleaved,
 * manifests before, between or after the chunks, half of the labels before the cells and the others after them.
 *
 * <p>One pass over the cohort; what it holds at a time is bounded by {@link Limits}.
 */
public final class Publisher {

    /** One chunk in so many is sent a second time. */
    private static final int REPEAT_ONE_IN = 33;

    /**
     * Bounds of what is held in memory.
     *
     * @param windowParcels records that wait in the shuffle window
     * @param windowBytes their volume
     * @param openBytes volume of samples whose cells are still being read
     */
    public record Limits(int windowParcels, long windowBytes, long openBytes) {
        public static final Limits DEFAULT = new Limits(64, 20_000_000, 16_000_000);
    }

    private final Cohort cohort;
    private final StudyNames names;
    private final Outlet outlet;
    private final InstantSource clock;
    private final Limits limits;
    private final SplittableRandom random;
    private final ShuffleWindow window;
    private final Map<Integer, OpenBag> open = new HashMap<>();
    private final BitSet labelledFirst;
    private final int[] waiting;
    private final Map<Integer, Parcel.Manifest> manifestsForLast = new HashMap<>();
    private final BitSet cellsRead = new BitSet();
    private long openBytes;
    private final AtomicLong cellsSent = new AtomicLong();

    public Publisher(Cohort cohort, StudyNames names, Outlet outlet, InstantSource clock, Limits limits, long seed) {
        this.cohort = cohort;
        this.names = names;
        this.outlet = outlet;
        this.clock = clock;
        this.limits = limits;
        this.random = new SplittableRandom(seed);
        this.window = new ShuffleWindow(limits.windowParcels(), limits.windowBytes(), random);
        this.labelledFirst = drawLabelledFirst();
        this.waiting = new int[cohort.samples().size()];
    }

    private BitSet drawLabelledFirst() {
        BitSet drawn = new BitSet();
        for (int i = 0; i < cohort.samples().size(); i++) {
            drawn.set(i, hasLabelToLearn(i) && random.nextBoolean());
        }
        return drawn;
    }

    /**
     * Publishes everything and returns once it is stored.
     *
     * @param first command that goes before all else, if there is one
     */
    public void run(Optional<Control> first) throws IOException {
        first.ifPresent(outlet::control);
        labelledFirst.stream().forEach(sample -> outlet.label(label(sample)));
        cohort.scan(this::read);
        while (!window.isEmpty()) {
            send(window.draw());
        }
        outlet.flush();
    }

    /** Cells handed over so far, without repeats. */
    public long cellsSent() {
        return cellsSent.get();
    }

    /** Heap held at this moment, roughly. */
    long heldBytes() {
        return window.bytes() + openBytes;
    }

    private void read(CellRun run) throws IOException {
        if (Thread.currentThread().isInterrupted()) {
            throw new InterruptedIOException("publishing was stopped");
        }
        int sample = run.sample();
        OpenBag bag = open.get(sample);
        if (bag == null) {
            bag = new OpenBag(names, cohort.samples().get(sample), cohort.width());
            open.put(sample, bag);
        } else {
            openBytes -= bag.heldBytes();
        }
        bag.append(run, chunk -> queueChunk(sample, chunk));
        openBytes += bag.heldBytes();
        if (bag.complete()) {
            close(sample, bag);
        }
        shrinkOpenBags();
        drainWindow();
    }

    private void close(int sample, OpenBag bag) {
        openBytes -= bag.heldBytes();
        open.remove(sample);
        cellsRead.set(sample);
        Parcel.Manifest manifest = new Parcel.Manifest(sample, bag.manifest(cohort.covariates(), clock.instant()));
        switch (random.nextInt(3)) {
            case 0 -> outlet.manifest(manifest.record());
            case 1 -> queue(manifest);
            default -> manifestsForLast.put(sample, manifest);
        }
        finishIfSent(sample);
    }

    /** Cells of one sample need not be neighbours in a cohort; then chunks are cut early, the fullest first. */
    private void shrinkOpenBags() {
        if (openBytes <= limits.openBytes()) {
            return;
        }
        List<Integer> fullestFirst = open.keySet().stream()
                .sorted(Comparator.comparingInt(sample -> -open.get(sample).heldBytes()))
                .toList();
        for (int sample : fullestFirst) {
            OpenBag bag = open.get(sample);
            openBytes -= bag.heldBytes();
            bag.cut(chunk -> queueChunk(sample, chunk));
            openBytes += bag.heldBytes();
            if (openBytes <= limits.openBytes() / 2) {
                return;
            }
        }
    }

    private void drainWindow() {
        while (window.overfull()) {
            send(window.draw());
        }
    }

    private void queueChunk(int sample, CellChunk chunk) {
        queue(new Parcel.Cells(sample, chunk, false));
        drainWindow();
    }

    private void queue(Parcel parcel) {
        waiting[parcel.sample()]++;
        window.add(parcel);
    }

    private void send(Parcel parcel) {
        parcel.handTo(outlet);
        if (parcel instanceof Parcel.Cells cells && !cells.repeat()) {
            cellsSent.addAndGet(cells.record().getCells());
            if (random.nextInt(REPEAT_ONE_IN) == 0) {
                queue(new Parcel.Cells(cells.sample(), cells.record(), true));
            }
        }
        if (--waiting[parcel.sample()] == 0 && !(parcel instanceof Parcel.LateLabel)) {
            finishIfSent(parcel.sample());
        }
    }

    /** What comes after the last chunk: a manifest that was kept for it, then the label with some delay. */
    private void finishIfSent(int sample) {
        if (waiting[sample] > 0 || !cellsRead.get(sample)) {
            return;
        }
        Parcel.Manifest manifest = manifestsForLast.remove(sample);
        if (manifest != null) {
            outlet.manifest(manifest.record());
        }
        if (hasLabelToLearn(sample) && !labelledFirst.get(sample)) {
            queue(new Parcel.LateLabel(sample, label(sample)));
        }
    }

    private boolean hasLabelToLearn(int sample) {
        Sample of = cohort.samples().get(sample);
        return of.training() && of.label().isPresent();
    }

    private Label label(int sample) {
        Sample of = cohort.samples().get(sample);
        return Label.newBuilder()
                .setStudy(names.study())
                .setSampleId(of.id())
                .setPatientId(of.patientId())
                .setOutcome(names.outcome())
                .setValue(of.label().getAsDouble())
                .setLabelledAt(clock.instant())
                .build();
    }
}
