package io.gmil.cli.offline;

import io.gmil.cli.offline.BagStream.Bag;
import io.gmil.cli.report.OutcomeUnit;
import io.gmil.cohort.Sample;
import io.gmil.model.BagAttention;
import io.gmil.model.BagPrediction;
import io.gmil.model.Phase;
import io.gmil.model.PosteriorSnapshot;
import io.gmil.schema.AttendedCell;
import io.gmil.schema.AttentionKind;
import io.gmil.schema.AttentionSummary;
import io.gmil.schema.CellTypeAttention;
import io.gmil.schema.Prediction;
import io.gmil.schema.PredictionKind;
import io.gmil.schema.PredictionStatus;
import io.gmil.stream.saved.SavedModel;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Offline predictions as the records of the stream, of kind FINAL. */
final class PredictionRecords {

    private static final String STUDY = "offline";

    private final SavedModel model;
    private final PosteriorSnapshot posterior;
    private final OutcomeUnit unit;
    private final Instant now;

    /** @param unit of the outcome or class that the posterior is of */
    PredictionRecords(SavedModel model, PosteriorSnapshot posterior, OutcomeUnit unit, Instant now) {
        this.model = model;
        this.posterior = posterior;
        this.unit = unit;
        this.now = now;
    }

    Prediction prediction(Sample sample, BagPrediction of, boolean inTraining) {
        return Prediction.newBuilder()
                .setStudy(STUDY)
                .setSampleId(sample.id())
                .setPatientId(sample.patientId())
                .setRevision(0)
                .setOutcome(unit.name())
                .setKind(PredictionKind.FINAL)
                .setStatus(posterior.phase() == Phase.MEAN_POOLING ? PredictionStatus.WARMUP : PredictionStatus.OK)
                .setEtaMean(unit.location(of.etaMean()))
                .setEtaSd(unit.size(of.etaSd()))
                .setFixedEffect(unit.location(of.fixedEffect()))
                .setRandomEffect(unit.size(of.randomEffect()))
                .setProbability(unit.probability(of.probability()))
                .setLower(unit.location(of.lower()))
                .setUpper(unit.location(of.upper()))
                .setPosteriorGeneration(posterior.generation())
                .setPosteriorVersion(posterior.version())
                .setLabelledBags(posterior.labelledBags())
                .setEmbedding(model.embedding())
                .setEmbeddingVersion("")
                .setScalerId("")
                .setInTraining(inTraining)
                .setCells(sample.cells())
                .setPredictedAt(now)
                .build();
    }

    AttentionSummary attention(Sample sample, Bag bag, BagAttention of) {
        List<AttendedCell> top = new ArrayList<>(of.topIndex().length);
        for (int rank = 0; rank < of.topIndex().length; rank++) {
            int cell = of.topIndex()[rank];
            top.add(new AttendedCell(
                    rank + 1, cell, cellId(bag, cell), of.topWeight()[rank], unit.size(of.topContribution()[rank])));
        }
        return AttentionSummary.newBuilder()
                .setStudy(STUDY)
                .setSampleId(sample.id())
                .setPatientId(sample.patientId())
                .setRevision(0)
                .setOutcome(unit.name())
                .setKind(AttentionKind.FINAL)
                .setPosteriorGeneration(posterior.generation())
                .setPosteriorVersion(posterior.version())
                .setCells(sample.cells())
                .setEntropy(of.entropy())
                .setEffectiveCells(of.effectiveCells())
                .setWeightQuantiles(Arrays.stream(of.weightQuantiles()).boxed().toList())
                .setTop(top)
                .setByCellType(byCellType(bag, of))
                .setPredictedAt(now)
                .build();
    }

    private List<CellTypeAttention> byCellType(Bag bag, BagAttention of) {
        List<CellTypeAttention> types = new ArrayList<>();
        if (bag.cellTypes() != null) {
            List<String> names = bag.cellTypes().names();
            for (int type = 0; type < names.size(); type++) {
                types.add(new CellTypeAttention(
                        names.get(type),
                        of.typeCells()[type],
                        of.typeMass()[type],
                        unit.size(of.typeContribution()[type])));
            }
        }
        return types;
    }

    /** The row in the sample where cells have no names, as in the stream. */
    private static String cellId(Bag bag, int cell) {
        boolean named = bag.cellIds() != null && bag.cellIds()[cell] != null;
        return named ? bag.cellIds()[cell] : Integer.toString(cell);
    }
}
