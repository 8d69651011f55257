package io.gmil.stream.bags;

import io.gmil.model.AveragedCells;
import io.gmil.model.BagMeanMoments;
import io.gmil.stream.Bytes;
import io.gmil.stream.ModelIds;
import io.gmil.stream.state.Bag;
import io.gmil.stream.state.BagMean;
import java.nio.ByteBuffer;

/** Which bags count among the means of their embedding version: every complete one, once. */
final class BagMeansBook {

    private final BagStore store;
    private final ModelCatalog catalog;
    private final Emitter emitter;
    private final ChunkBuffer buffer;

    BagMeansBook(BagStore store, ModelCatalog catalog, Emitter emitter, ChunkBuffer buffer) {
        this.store = store;
        this.catalog = catalog;
        this.emitter = emitter;
        this.buffer = buffer;
    }

    /** Counts a bag that has just been predicted; the caller stores it. */
    void count(Bag bag, Scored scored) {
        if (emitter.learning() && bag.getWidth() <= BagMeanMoments.WIDEST) {
            emitter.bagMean(bagMean(bag, scored.bagMean(), false));
            bag.setAveraged(true);
        }
    }

    /** Takes out a bag that is replaced or erased, unless its cells have gone before. */
    void withdraw(Bag bag) {
        EmbeddingScaler scaler = catalog.scaler(bag);
        if (bag.getAveraged() && scaler != null && !bag.getChunkCells().isEmpty()) {
            AveragedCells cells = new AveragedCells(new StoredCells(store, bag, buffer.of(bag)));
            cells.forEachBlock((values, rows) -> {});
            emitter.bagMean(bagMean(bag, cells.mean(scaler.features()), true));
        }
    }

    private BagMean bagMean(Bag bag, double[] mean, boolean removed) {
        return BagMean.newBuilder()
                .setKey(ModelIds.pool(bag.getStudy(), bag.getEmbedding(), bag.getEmbeddingVersion(), bag.getWidth()))
                .setScaler(ByteBuffer.wrap(catalog.scalerMessage(bag)))
                .setMean(Bytes.of(mean))
                .setRemoved(removed)
                .build();
    }
}
