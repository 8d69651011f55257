package io.gmil.cli.publish;

import io.gmil.schema.CellChunk;
import io.gmil.schema.Label;
import io.gmil.schema.SampleManifest;

/** One record on its way through the {@link ShuffleWindow}. */
sealed interface Parcel {

    /** Index of its sample in the cohort. */
    int sample();

    /** Heap it holds, roughly. */
    int bytes();

    void handTo(Outlet outlet);

    /** A chunk; {@code repeat} marks the second sending of one. */
    record Cells(int sample, CellChunk record, boolean repeat) implements Parcel {
        @Override
        public int bytes() {
            int ids = record.getCellIds() == null ? 0 : 64 * record.getCells();
            return record.getValues().remaining() + ids + 256;
        }

        @Override
        public void handTo(Outlet outlet) {
            outlet.chunk(record);
        }
    }

    /** What the sample consists of. */
    record Manifest(int sample, SampleManifest record) implements Parcel {
        @Override
        public int bytes() {
            return 256;
        }

        @Override
        public void handTo(Outlet outlet) {
            outlet.manifest(record);
        }
    }

    /** A label that comes after the cells. */
    record LateLabel(int sample, Label record) implements Parcel {
        @Override
        public int bytes() {
            return 128;
        }

        @Override
        public void handTo(Outlet outlet) {
            outlet.label(record);
        }
    }
}
