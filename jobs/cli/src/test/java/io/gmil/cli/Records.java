package io.gmil.cli;

import io.gmil.schema.AttendedCell;
import io.gmil.schema.AttentionKind;
import io.gmil.schema.AttentionSummary;
import io.gmil.schema.DeadLetter;
import io.gmil.schema.Evaluation;
import io.gmil.schema.FactorKind;
import io.gmil.schema.Likelihood;
import io.gmil.schema.Phase;
import io.gmil.schema.Posterior;
import io.gmil.schema.PosteriorMessage;
import io.gmil.schema.Prediction;
import io.gmil.schema.PredictionKind;
import io.gmil.schema.PredictionStatus;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;

/** Output records as the job would write them. */
public final class Records {

    private static final Instant NOW = Instant.ofEpochSecond(1);

    private Records() {}

    public static Prediction prediction(String sample, PredictionKind kind, double probability, String command) {
        return Prediction.newBuilder()
                .setStudy("demo")
                .setSampleId(sample)
                .setPatientId(sample)
                .setRevision(0)
                .setOutcome("Y")
                .setKind(kind)
                .setStatus(PredictionStatus.OK)
                .setEtaMean(-0.25)
                .setEtaSd(0.5)
                .setFixedEffect(0)
                .setRandomEffect(1e-7)
                .setProbability(probability)
                .setLower(0.125)
                .setUpper(0.75)
                .setPosteriorGeneration(1)
                .setPosteriorVersion(12)
                .setLabelledBags(3)
                .setEmbedding("X")
                .setEmbeddingVersion("1")
                .setScalerId("s")
                .setInTraining(true)
                .setCells(4)
                .setCommandId(command)
                .setPredictedAt(NOW)
                .build();
    }

    public static AttentionSummary attention(String sample, String command, int part, int parts, int... cells) {
        List<AttendedCell> top = Arrays.stream(cells)
                .mapToObj(cell -> new AttendedCell(cell + 1, cell, "c" + cell, 0.5 / (cell + 1), -0.25))
                .toList();
        return AttentionSummary.newBuilder()
                .setStudy("demo")
                .setSampleId(sample)
                .setPatientId(sample)
                .setRevision(0)
                .setOutcome("Y")
                .setKind(AttentionKind.FINAL)
                .setPosteriorGeneration(1)
                .setPosteriorVersion(12)
                .setCells(4)
                .setEntropy(1)
                .setEffectiveCells(2)
                .setWeightQuantiles(List.of())
                .setTop(top)
                .setPart(part)
                .setParts(parts)
                .setCommandId(command)
                .setPredictedAt(NOW)
                .build();
    }

    public static PosteriorMessage posterior(long generation, long version, int labelled, boolean settled) {
        return new PosteriorMessage(Posterior.newBuilder()
                .setStudy("demo")
                .setOutcome("Y")
                .setEmbedding("X")
                .setEmbeddingVersion("1")
                .setScalerId("s")
                .setLikelihood(Likelihood.BERNOULLI)
                .setTrials(1)
                .setWidth(2)
                .setCovariates(List.of())
                .setGeneration(generation)
                .setVersion(version)
                .setPhase(Phase.MEAN_POOLING)
                .setLabelledBags(labelled)
                .setStaleSites(7)
                .setSettled(settled)
                .setPathLength(0)
                .setSigma2Gamma(1)
                .setSigma2Beta(1)
                .setMean(ByteBuffer.allocate(0))
                .setFactorKind(FactorKind.DEVIATIONS)
                .setFactor(ByteBuffer.allocate(0))
                .setCodeVersion("test")
                .setPublishedAt(NOW)
                .build());
    }

    public static Evaluation evaluation(long scored) {
        return Evaluation.newBuilder()
                .setStudy("demo")
                .setOutcome("Y")
                .setEmbedding("X")
                .setEmbeddingVersion("1")
                .setScored(scored)
                .setAuc(0.75)
                .setLogLoss(0.5)
                .setBrier(0.2)
                .setWindowScored(scored)
                .setWindowLogLoss(0.5)
                .setWindowBrier(0.2)
                .setCalibrationError(0)
                .setEvaluatedAt(NOW)
                .build();
    }

    public static DeadLetter deadLetter(String topic, String sample) {
        return DeadLetter.newBuilder()
                .setCause("width 3 of sample '" + sample + "' differs from 2")
                .setTopic(topic)
                .setPartition(1)
                .setOffset(17)
                .setSampleId(sample)
                .setRejectedAt(NOW)
                .build();
    }
}
