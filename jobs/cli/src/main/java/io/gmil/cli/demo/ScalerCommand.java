package io.gmil.cli.demo;

import io.gmil.cli.publish.StudyNames;
import io.gmil.model.CovariateScaler;
import io.gmil.model.FeatureScaler;
import io.gmil.schema.Control;
import io.gmil.schema.ControlKind;
import io.gmil.schema.Scaler;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;

/** The control record that freezes the scalers before the first cell. */
final class ScalerCommand {

    private static final int ID_LENGTH = 12;

    private ScalerCommand() {}

    static Control of(StudyNames names, Survey survey, List<String> covariates, Instant now) {
        FeatureScaler features = survey.featureScaler();
        CovariateScaler fixed = survey.covariateScaler();
        Scaler scaler = Scaler.newBuilder()
                .setScalerId(id(features, fixed, covariates))
                .setStudy(names.study())
                .setEmbedding(names.embedding())
                .setEmbeddingVersion(names.embeddingVersion())
                .setCells(survey.trainingCells())
                .setMean(boxed(features.mean()))
                .setSd(boxed(features.sd()))
                .setCovariates(covariates)
                .setCovariateMean(boxed(fixed.mean()))
                .setCovariateSd(boxed(fixed.sd()))
                .build();
        return Control.newBuilder()
                .setCommandId(UUID.randomUUID().toString())
                .setKind(ControlKind.SET_SCALER)
                .setStudy(names.study())
                .setIssuedAt(now)
                .setScaler(scaler)
                .build();
    }

    /** The same content has the same id, so that a repeated run continues the same model. */
    private static String id(FeatureScaler features, CovariateScaler fixed, List<String> covariates) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (double[] values : List.of(features.mean(), features.sd(), fixed.mean(), fixed.sd())) {
                ByteBuffer bytes = ByteBuffer.allocate(values.length * Double.BYTES);
                Arrays.stream(values).forEach(bytes::putDouble);
                digest.update(bytes.flip());
            }
            digest.update(String.join("\n", covariates).getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest.digest()).substring(0, ID_LENGTH);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
    }

    private static List<Double> boxed(double[] values) {
        return Arrays.stream(values).boxed().toList();
    }
}
