package io.gmil.kafka;

import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;

/** Where a source begins when its job starts without a checkpoint. */
public enum StartingOffsets {
    /** At the oldest record the broker still has. */
    EARLIEST,
    /** Behind the newest record. */
    LATEST;

    OffsetsInitializer initializer() {
        return this == EARLIEST ? OffsetsInitializer.earliest() : OffsetsInitializer.latest();
    }
}
