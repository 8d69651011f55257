package io.gmil.cli.exchange;

import io.gmil.cli.UsageException;
import java.util.Locale;

/** Refuses what would not fit, before it is made. */
final class Memory {

    /** Of an array of bytes, which a tensor is in a file, and of an ONNX file. */
    private static final double LONGEST = Integer.MAX_VALUE - 8;

    private Memory() {}

    /**
     * Refuses where the heap is too small.
     *
     * @param option that asks for it
     * @param bytes about
     */
    static void require(String option, double bytes) {
        double heap = Runtime.getRuntime().maxMemory();
        if (bytes > heap) {
            throw new UsageException(String.format(
                    Locale.ROOT,
                    "%s: expected a model that takes at most %.1f GB of heap, got one that takes about %.1f GB; set"
                            + " GMIL_JAVA_OPTS to a larger -Xmx",
                    option,
                    heap / 1e9,
                    bytes / 1e9));
        }
    }

    /** Refuses more than the format can hold in one piece. */
    static void requireLength(String option, double bytes) {
        if (bytes > LONGEST) {
            throw new UsageException(String.format(
                    Locale.ROOT,
                    "%s: expected a covariance of at most 2.1 GB, got %.1f GB; export fewer outcomes or a narrower"
                            + " embedding",
                    option,
                    bytes / 1e9));
        }
    }
}
