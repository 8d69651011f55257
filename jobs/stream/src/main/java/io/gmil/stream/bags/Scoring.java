package io.gmil.stream.bags;

import io.gmil.model.AttentionRequest;
import io.gmil.model.AveragedCells;
import io.gmil.model.BagAttention;
import io.gmil.model.BagPrediction;
import io.gmil.model.PosteriorSnapshot;
import io.gmil.schema.AttendedCell;
import io.gmil.schema.AttentionKind;
import io.gmil.schema.AttentionSummary;
import io.gmil.schema.CellTypeAttention;
import io.gmil.schema.Prediction;
import io.gmil.schema.PredictionKind;
import io.gmil.stream.state.Bag;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Predicts a bag and says which cells it rests on. */
final class Scoring {

    private final BagStore store;
    private final StatusRule status;
    private final Emitter emitter;
    private final ChunkBuffer buffer;

    Scoring(BagStore store, StatusRule status, Emitter emitter, ChunkBuffer buffer) {
        this.store = store;
        this.status = status;
        this.emitter = emitter;
        this.buffer = buffer;
    }

    /**
     * Emits a prediction with its attention summary.
     *
     * @param topK cells to list, 0 for every cell
     * @param inTraining whether the bag's own label is part of the posterior
     * @param command the command that asks for it, or null
     */
    Scored score(Bag bag, ActiveModel model, PredictionKind kind, int topK, boolean inTraining, String command) {
        PosteriorSnapshot posterior = model.served();
        Annotations annotations = Annotations.load(store, bag);
        AveragedCells cells = new AveragedCells(new StoredCells(store, bag, buffer.of(bag)));
        BagPrediction result = model.predictor()
                .predict(
                        cells,
                        model.scaler().fixedEffects(bag),
                        posterior,
                        new AttentionRequest(
                                topK,
                                annotations.typeCodes(),
                                annotations.types().size()));
        Instant now = Instant.now();
        Scored scored = status.scored(bag, result, cells.mean(model.scaler().features()));
        emitter.prediction(prediction(bag, model, kind, inTraining, command, scored, now));
        attention(bag, model, kind, command, result.attention(), annotations, now);
        return scored;
    }

    private Prediction prediction(
            Bag bag,
            ActiveModel model,
            PredictionKind kind,
            boolean inTraining,
            String command,
            Scored scored,
            Instant now) {
        BagPrediction result = scored.prediction();
        PosteriorSnapshot posterior = model.served();
        return Prediction.newBuilder()
                .setStudy(bag.getStudy())
                .setSampleId(bag.getSampleId())
                .setPatientId(bag.getPatientId())
                .setRevision(bag.getRevision())
                .setOutcome(model.outcome().name())
                .setKind(kind)
                .setStatus(status.of(bag, model, scored, now))
                .setEtaMean(result.etaMean())
                .setEtaSd(result.etaSd())
                .setFixedEffect(result.fixedEffect())
                .setRandomEffect(result.randomEffect())
                .setProbability(result.probability())
                .setLower(result.lower())
                .setUpper(result.upper())
                .setPosteriorGeneration(posterior.generation())
                .setPosteriorVersion(posterior.version())
                .setLabelledBags(posterior.labelledBags())
                .setEmbedding(bag.getEmbedding())
                .setEmbeddingVersion(bag.getEmbeddingVersion())
                .setScalerId(model.scaler().id())
                .setInTraining(inTraining)
                .setCells(bag.getCells())
                .setUsedCells(bag.getUsedCells() > 0 ? bag.getUsedCells() : null)
                .setCommandId(command)
                .setPredictedAt(now)
                .build();
    }

    private void attention(
            Bag bag,
            ActiveModel model,
            PredictionKind kind,
            String command,
            BagAttention attention,
            Annotations annotations,
            Instant now) {
        List<List<AttendedCell>> cells = RecordParts.of(
                cells(attention, annotations), cell -> cell.getCellId().length());
        List<List<CellTypeAttention>> types = RecordParts.of(
                byCellType(attention, annotations), type -> type.getCellType().length());
        int parts = Math.max(cells.size(), types.size());
        for (int part = 0; part < parts; part++) {
            emitter.attention(AttentionSummary.newBuilder()
                    .setStudy(bag.getStudy())
                    .setSampleId(bag.getSampleId())
                    .setPatientId(bag.getPatientId())
                    .setRevision(bag.getRevision())
                    .setOutcome(model.outcome().name())
                    .setKind(AttentionKind.valueOf(kind.name()))
                    .setPosteriorGeneration(model.served().generation())
                    .setPosteriorVersion(model.served().version())
                    .setCells(bag.getCells())
                    .setEntropy(attention.entropy())
                    .setEffectiveCells(attention.effectiveCells())
                    .setWeightQuantiles(list(attention.weightQuantiles()))
                    .setTop(part < cells.size() ? cells.get(part) : List.of())
                    .setByCellType(part < types.size() ? types.get(part) : List.of())
                    .setPart(part)
                    .setParts(parts)
                    .setCommandId(command)
                    .setPredictedAt(now)
                    .build());
        }
    }

    private static List<AttendedCell> cells(BagAttention attention, Annotations annotations) {
        int listed = attention.topIndex().length;
        List<AttendedCell> cells = new ArrayList<>(listed);
        for (int rank = 0; rank < listed; rank++) {
            int cell = attention.topIndex()[rank];
            cells.add(new AttendedCell(
                    rank + 1,
                    annotations.row(cell),
                    annotations.id(cell),
                    attention.topWeight()[rank],
                    attention.topContribution()[rank]));
        }
        return cells;
    }

    private static List<CellTypeAttention> byCellType(BagAttention attention, Annotations annotations) {
        List<CellTypeAttention> types = new ArrayList<>();
        for (int type = 0; type < annotations.types().size(); type++) {
            types.add(new CellTypeAttention(
                    annotations.types().get(type),
                    attention.typeCells()[type],
                    attention.typeMass()[type],
                    attention.typeContribution()[type]));
        }
        return types;
    }

    private static List<Double> list(double[] values) {
        List<Double> list = new ArrayList<>(values.length);
        for (double value : values) {
            list.add(value);
        }
        return list;
    }
}
