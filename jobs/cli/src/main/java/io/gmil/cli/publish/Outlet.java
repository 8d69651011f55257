package io.gmil.cli.publish;

import io.gmil.schema.CellChunk;
import io.gmil.schema.Control;
import io.gmil.schema.Label;
import io.gmil.schema.SampleManifest;

/** Where published records go. A failed delivery surfaces in a later call, at the latest in {@link #flush}. */
public interface Outlet {

    void chunk(CellChunk chunk);

    void manifest(SampleManifest manifest);

    void label(Label label);

    void control(Control control);

    /** Returns once everything handed over before is stored. */
    void flush();
}
