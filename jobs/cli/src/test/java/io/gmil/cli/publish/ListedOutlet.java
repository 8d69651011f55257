package io.gmil.cli.publish;

import io.gmil.schema.CellChunk;
import io.gmil.schema.Control;
import io.gmil.schema.Label;
import io.gmil.schema.SampleManifest;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.specific.SpecificRecord;

/** Keeps what is published, in order. */
class ListedOutlet implements Outlet {

    final List<SpecificRecord> records = new ArrayList<>();
    boolean flushed;

    /** Called with each record. */
    void sees(SpecificRecord record) {
        records.add(record);
    }

    @Override
    public void chunk(CellChunk chunk) {
        sees(chunk);
    }

    @Override
    public void manifest(SampleManifest manifest) {
        sees(manifest);
    }

    @Override
    public void label(Label label) {
        sees(label);
    }

    @Override
    public void control(Control control) {
        sees(control);
    }

    @Override
    public void flush() {
        flushed = true;
    }

    <T extends SpecificRecord> List<T> of(Class<T> type) {
        return records.stream().filter(type::isInstance).map(type::cast).toList();
    }

    /** Position of the first or last record of a sample, -1 where there is none. */
    int position(Class<? extends SpecificRecord> type, String sample, boolean last) {
        int found = -1;
        for (int i = 0; i < records.size(); i++) {
            if (type.isInstance(records.get(i)) && sample.equals(sampleOf(records.get(i))) && (last || found < 0)) {
                found = i;
            }
        }
        return found;
    }

    private static String sampleOf(SpecificRecord record) {
        if (record instanceof CellChunk chunk) {
            return chunk.getSampleId();
        }
        return record instanceof Label label ? label.getSampleId() : ((SampleManifest) record).getSampleId();
    }
}
