package io.gmil.stream;

import io.gmil.model.BagMeanReference;
import io.gmil.schema.BagMeans;
import java.time.Instant;

/** References of bag means as part of a record, and back. */
public final class BagMeansCodec {

    private BagMeansCodec() {}

    /** @throws IllegalArgumentException where the parts do not fit */
    public static BagMeanReference reference(BagMeans record) {
        return new BagMeanReference(
                record.getBags(),
                Bytes.doubles(record.getMean()),
                Bytes.floats(record.getInverseScale()),
                record.getDegrees());
    }

    static BagMeans record(BagMeanReference reference) {
        return BagMeans.newBuilder()
                .setBags(reference.bags())
                .setMean(Bytes.of(reference.mean()))
                .setInverseScale(Bytes.of(reference.inverseScale()))
                .setDegrees(reference.degrees())
                .setPublishedAt(Instant.now())
                .build();
    }
}
