package io.gmil.stream;

import io.gmil.kafka.AvroWire;
import io.gmil.model.CovariateScaler;
import io.gmil.model.FeatureScaler;
import io.gmil.model.ModelSpec;
import io.gmil.schema.PosteriorMessage;
import io.gmil.schema.Scaler;
import io.gmil.stream.saved.ModelException;
import io.gmil.stream.saved.ModelFile;
import io.gmil.stream.saved.ModelReader;
import io.gmil.stream.saved.SavedModel;
import io.gmil.stream.state.BegunWith;
import io.gmil.stream.state.ModelId;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.flink.core.fs.FSDataInputStream;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.Path;

/** Reads the saved model that a job is to begin with, where the job is submitted, and refuses one that does not fit it. */
public final class InitialModels {

    private static final String DEFAULT_VERSION = "1";

    private InitialModels() {}

    /**
     * The models of the job's setting; none where there is no such setting.
     *
     * @throws ModelException if the directory holds no model, or one that does not fit the job
     */
    public static List<InitialModel> load(JobConfig config) throws IOException {
        Optional<SavedModel> saved = saved(config);
        return saved.isEmpty()
                ? List.of()
                : of(saved.get(), config.initialModel().directory(), config);
    }

    /**
     * What the directory of the job's setting holds; empty where there is no such setting.
     *
     * @throws ModelException if it holds no model
     */
    public static Optional<SavedModel> saved(JobConfig config) throws IOException {
        String directory = config.initialModel().directory();
        return directory.isEmpty()
                ? Optional.empty()
                : Optional.of(new ModelReader(directory, name -> read(new Path(directory, name))).read());
    }

    private static Optional<byte[]> read(Path file) throws IOException {
        FileSystem files = file.getFileSystem();
        try (FSDataInputStream in = files.open(file)) {
            return Optional.of(in.readAllBytes());
        } catch (FileNotFoundException e) {
            return Optional.empty();
        }
    }

    /**
     * A saved model as this job begins with it.
     *
     * @param place where it was read, for messages
     * @throws ModelException naming every setting that does not fit
     */
    public static List<InitialModel> of(SavedModel model, String place, JobConfig config) throws IOException {
        model.requirePlain("initial model " + place);
        List<String> problems = problems(model.file(), config);
        if (!problems.isEmpty()) {
            throw new ModelException("initial model " + place + ": " + String.join("; ", problems));
        }
        InitialModelConfig names = config.initialModel();
        String version = names.embeddingVersion().isEmpty() ? DEFAULT_VERSION : names.embeddingVersion();
        Scaler scaler = scaler(model, embedding(model, names), version, config);
        ModelId id = new ModelId(
                config.study(),
                outcomeName(model.file()),
                scaler.getEmbedding(),
                version,
                scaler.getScalerId(),
                model.file().embedding().width());
        OutcomeConfig outcome = config.outcome(id.getOutcome()).orElseThrow();
        // Of generation 0: what everyone knows without a message. Its draws are those of 'gmil predict' up to the D
        // that is
        // published exactly.
        var posterior =
                PosteriorCodec.posterior(id, outcome, config, model.posterior().snapshot(0, 0), 0, true);
        AvroWire<PosteriorMessage> wire = AvroWire.of(PosteriorMessage.class);
        byte[] scalerMessage = wire.encode(new PosteriorMessage(scaler));
        BegunWith learner = learner(model, ModelIds.key(id), scalerMessage);
        return List.of(new InitialModel(
                ModelIds.key(id),
                ModelIds.embedding(config.study(), scaler.getEmbedding(), version),
                scalerMessage,
                wire.encode(new PosteriorMessage(posterior)),
                learner,
                model.file().trainingSamples()));
    }

    /** The setting of outcomes separates them by these two characters. */
    private static String outcomeName(ModelFile file) {
        return file.outcome().name().replace(':', '_').replace(',', '_');
    }

    /** Where the embedding is in an .h5ad is no part of its name. */
    private static String embedding(SavedModel model, InitialModelConfig names) {
        return names.embedding().isEmpty() ? model.embedding().replaceFirst("^obsm/", "") : names.embedding();
    }

    private static List<String> problems(ModelFile file, JobConfig config) {
        List<String> problems = new ArrayList<>();
        String got = outcomeName(file) + ":" + file.outcome().likelihood()
                + (file.outcome().likelihood().equals("binomial")
                        ? ":" + file.outcome().trials()
                        : "");
        List<String> outcomes =
                config.outcomes().stream().map(OutcomeConfig::text).toList();
        if (!outcomes.contains(got)) {
            problems.add("outcome: expected " + String.join(" or ", outcomes) + " as the job learns, got " + got);
        }
        List<String> covariates =
                file.covariates().stream().map(ModelFile.Covariate::name).toList();
        if (!covariates.equals(config.covariates())) {
            problems.add("covariates: expected " + config.covariates() + " as the job has, got " + covariates);
        }
        if (problems.isEmpty()) {
            ModelSpec expected = PosteriorCodec.spec(
                    file.outcome().trials(), file.embedding().width(), config);
            ModelSpec saved = SavedModel.spec(file).withSeed(expected.seed());
            if (!saved.equals(expected)) {
                problems.add("prior: expected " + expected + " as the job's, got " + saved);
            }
        }
        return problems;
    }

    private static Scaler scaler(SavedModel model, String embedding, String version, JobConfig config) {
        FeatureScaler features = model.featureScaler();
        CovariateScaler covariates = model.covariateScaler();
        List<Double> mean = list(features.mean());
        List<Double> sd = list(features.sd());
        List<Double> fixedMean = list(covariates.mean());
        List<Double> fixedSd = list(covariates.sd());
        return Scaler.newBuilder()
                .setScalerId(FitScaler.id(List.of(mean, sd, fixedMean, fixedSd)))
                .setStudy(config.study())
                .setEmbedding(embedding)
                .setEmbeddingVersion(version)
                .setCells(model.file().provenance().cells())
                .setMean(mean)
                .setSd(sd)
                .setCovariates(config.covariates())
                .setCovariateMean(fixedMean)
                .setCovariateSd(fixedSd)
                .build();
    }

    private static List<Double> list(double[] values) {
        return Arrays.stream(values).boxed().toList();
    }

    private static BegunWith learner(SavedModel model, String key, byte[] scaler) {
        ModelFile file = model.file();
        return BegunWith.newBuilder()
                .setKey(key)
                .setPosterior(ByteBuffer.wrap(model.posterior().toBytes()))
                .setScaler(ByteBuffer.wrap(scaler))
                .setPosteriorSha256(file.posterior().sha256())
                .setFingerprint(file.provenance().fingerprint())
                .setSeed(file.provenance().seed())
                .setCodeVersion(file.provenance().codeVersion())
                .setLabelledBags(file.posterior().labelledBags())
                .build();
    }
}
