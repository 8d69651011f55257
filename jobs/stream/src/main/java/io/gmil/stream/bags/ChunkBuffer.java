package io.gmil.stream.bags;

import io.gmil.stream.state.Bag;
import java.util.Collections;

/** One buffer for the decoded values of a chunk, grown to the longest chunk seen. */
final class ChunkBuffer {

    private float[] values = new float[0];

    /** Room for any one chunk of the bag. The content is overwritten by the next user. */
    float[] of(Bag bag) {
        int needed = Collections.max(bag.getChunkCells()) * bag.getWidth();
        if (values.length < needed) {
            values = new float[needed];
        }
        return values;
    }
}
