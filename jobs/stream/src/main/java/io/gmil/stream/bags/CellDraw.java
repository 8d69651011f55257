package io.gmil.stream.bags;

/**
 * Which cells of a large bag are used: an exact number, every set of them equally likely, decided by a seed (selection
 * sampling, Knuth TAOCP 3.4.2, algorithm S). The random numbers are computed here, so that no release of Java changes
 * what was drawn.
 */
final class CellDraw {

    private CellDraw() {}

    /** A seed of its own for every sample. */
    static long seed(long seed, String sample) {
        long hash = mix(seed);
        for (int i = 0; i < sample.length(); i++) {
            hash = mix(hash ^ sample.charAt(i));
        }
        return hash;
    }

    /**
     * Draws rows.
     *
     * @param cells there are
     * @param used to be drawn, at most {@code cells}
     * @return (used), ascending from 0 on
     */
    static int[] rows(long seed, int cells, int used) {
        int[] rows = new int[used];
        int drawn = 0;
        for (int row = 0; drawn < used; row++) {
            long random = mix(seed + row) >>> 32;
            if ((random * (cells - row)) >>> 32 < used - drawn) {
                rows[drawn++] = row;
            }
        }
        return rows;
    }

    /** SplitMix64 (Steele, Lea, Flood 2014). */
    private static long mix(long state) {
        long mixed = state * 0x9E3779B97F4A7C15L + 0x9E3779B97F4A7C15L;
        mixed = (mixed ^ (mixed >>> 30)) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
        return mixed ^ (mixed >>> 31);
    }
}
