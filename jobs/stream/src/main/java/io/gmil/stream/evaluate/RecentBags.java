package io.gmil.stream.evaluate;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** How late the labels of the last bags came, and how far these bags were from earlier ones. */
final class RecentBags {

    private static final int FORMAT = 1;

    private final double[] delay;

    /** NaN where there was nothing to compare with. */
    private final double[] shift;

    private long bags;

    /** @param window bags */
    RecentBags(int window) {
        delay = new double[window];
        shift = new double[window];
    }

    /**
     * Adds a bag.
     *
     * @param delayMillis from the bag to its label
     * @param meanShift null where there was nothing to compare with
     */
    void add(long delayMillis, Double meanShift) {
        int slot = (int) (bags % delay.length);
        delay[slot] = delayMillis / 1000.0;
        shift[slot] = meanShift == null ? Double.NaN : meanShift;
        bags++;
    }

    /** The least delay in seconds that a share of the labels does not exceed; null without bags. */
    Double delay(double share) {
        int count = count();
        if (count == 0) {
            return null;
        }
        double[] sorted = Arrays.copyOf(delay, count);
        Arrays.sort(sorted);
        return sorted[Math.max(0, (int) Math.ceil(share * count) - 1)];
    }

    /** The mean of the shifts that are known; null where none is. */
    Double meanShift() {
        var mean = Arrays.stream(shift, 0, count())
                .filter(value -> !Double.isNaN(value))
                .average();
        return mean.isPresent() ? mean.getAsDouble() : null;
    }

    private int count() {
        return (int) Math.min(bags, delay.length);
    }

    /** Everything, in a numbered format. */
    byte[] toBytes() {
        ByteBuffer bytes = ByteBuffer.allocate(Integer.BYTES + Long.BYTES + 2 * Double.BYTES * delay.length)
                .order(ByteOrder.LITTLE_ENDIAN);
        bytes.putInt(FORMAT).putLong(bags);
        bytes.asDoubleBuffer().put(delay).put(shift);
        return bytes.array();
    }

    /** Restores what {@link #toBytes} wrote, with the same window. */
    static RecentBags fromBytes(byte[] stored, int window) {
        RecentBags recent = new RecentBags(window);
        ByteBuffer bytes = ByteBuffer.wrap(stored).order(ByteOrder.LITTLE_ENDIAN);
        int format = bytes.getInt();
        if (format != FORMAT) {
            throw new IllegalArgumentException("recent bags: expected format " + FORMAT + ", got " + format);
        }
        recent.bags = bytes.getLong();
        bytes.asDoubleBuffer().get(recent.delay).get(recent.shift);
        return recent;
    }
}
