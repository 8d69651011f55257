package io.gmil.cli.publish;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Records that wait to be sent, drawn in random order. It holds a bounded number and a bounded volume, so that neighbouring
 * samples interleave while memory stays small.
 */
final class ShuffleWindow {

    private final int maxParcels;
    private final long maxBytes;
    private final RandomGenerator random;
    private final List<Parcel> waiting = new ArrayList<>();
    private long bytes;

    ShuffleWindow(int maxParcels, long maxBytes, RandomGenerator random) {
        this.maxParcels = maxParcels;
        this.maxBytes = maxBytes;
        this.random = random;
    }

    void add(Parcel parcel) {
        waiting.add(parcel);
        bytes += parcel.bytes();
    }

    boolean overfull() {
        return waiting.size() > maxParcels || bytes > maxBytes;
    }

    boolean isEmpty() {
        return waiting.isEmpty();
    }

    long bytes() {
        return bytes;
    }

    /** Takes any one; the window must not be empty. */
    Parcel draw() {
        int drawn = random.nextInt(waiting.size());
        int last = waiting.size() - 1;
        Parcel parcel = waiting.get(drawn);
        waiting.set(drawn, waiting.get(last));
        waiting.remove(last);
        bytes -= parcel.bytes();
        return parcel;
    }
}
