package io.gmil.stream.bags;

import io.gmil.kafka.AvroWire;
import io.gmil.kafka.Chunks;
import io.gmil.kafka.WireException;
import io.gmil.schema.CellChunk;
import io.gmil.schema.Control;
import io.gmil.schema.Label;
import io.gmil.schema.Likelihood;
import io.gmil.schema.SampleManifest;
import io.gmil.stream.Bytes;
import io.gmil.stream.CommandCheck;
import io.gmil.stream.JobConfig;
import io.gmil.stream.OutcomeConfig;
import io.gmil.stream.state.BagEvent;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Optional;
import org.apache.avro.specific.SpecificRecord;

/** Decodes the records of a shard and refuses those that no bag could use, whatever the state. */
final class Records {

    private final JobConfig config;
    private final AvroWire<CellChunk> chunks = AvroWire.of(CellChunk.class);
    private final CellChunk reused = new CellChunk();
    private final AvroWire<SampleManifest> manifests = AvroWire.of(SampleManifest.class);
    private final AvroWire<Label> labels = AvroWire.of(Label.class);
    private final AvroWire<Control> controls = AvroWire.of(Control.class);

    Records(JobConfig config) {
        this.config = config;
    }

    /**
     * A chunk, valid until the next one; its values are the caller's to keep.
     *
     * @param spare an array to put the values into where they fit; not to be used otherwise from now on
     */
    CellChunk chunk(BagEvent event, byte[] spare) throws RejectedRecord {
        reused.setValues(ByteBuffer.wrap(spare));
        CellChunk chunk = decode(chunks, event, reused);
        identified(event, chunk.getStudy(), chunk.getSampleId(), chunk.getPatientId(), chunk.getRevision());
        Optional<String> problem = Chunks.verify(chunk);
        if (problem.isPresent()) {
            throw new RejectedRecord(
                    chunk.getSampleId(),
                    "chunk %d of sample '%s' (%s): %s",
                    chunk.getChunkIndex(),
                    chunk.getSampleId(),
                    place(event),
                    problem.get());
        }
        checkEmbedding(event, chunk.getSampleId(), chunk.getEmbedding(), chunk.getEmbeddingVersion());
        int flaw = FiniteValues.firstFlaw(Bytes.array(chunk.getValues()));
        if (flaw >= 0) {
            throw new RejectedRecord(
                    chunk.getSampleId(),
                    "chunk %d of sample '%s' (%s): expected finite features, got %s in row %d, column %d",
                    chunk.getChunkIndex(),
                    chunk.getSampleId(),
                    place(event),
                    chunk.getValues().order(ByteOrder.LITTLE_ENDIAN).getFloat(4 * flaw),
                    flaw / chunk.getWidth(),
                    flaw % chunk.getWidth());
        }
        if (chunk.getCellIds() != null && chunk.getCellIds().size() != chunk.getCells()) {
            throw new RejectedRecord(
                    chunk.getSampleId(),
                    "chunk %d of sample '%s' (%s): expected a cell id for each of %d cells, got %d",
                    chunk.getChunkIndex(),
                    chunk.getSampleId(),
                    place(event),
                    chunk.getCells(),
                    chunk.getCellIds().size());
        }
        if (chunk.getCellTypes() != null && chunk.getCellTypes().getCodes().remaining() != 2 * chunk.getCells()) {
            throw new RejectedRecord(
                    chunk.getSampleId(),
                    "chunk %d of sample '%s' (%s): expected %d bytes of cell type codes, got %d",
                    chunk.getChunkIndex(),
                    chunk.getSampleId(),
                    place(event),
                    2 * chunk.getCells(),
                    chunk.getCellTypes().getCodes().remaining());
        }
        checkNames(chunk, event);
        return chunk;
    }

    /** What is listed in a prediction's attention must not make that record too large for the broker. */
    private static void checkNames(CellChunk chunk, BagEvent event) throws RejectedRecord {
        int longest = longest(chunk.getCellIds());
        if (chunk.getCellTypes() != null) {
            longest = Math.max(longest, longest(chunk.getCellTypes().getNames()));
        }
        if (longest > LetterSize.ID_CHARS) {
            throw new RejectedRecord(
                    chunk.getSampleId(),
                    "chunk %d of sample '%s' (%s): expected ids and types of cells of at most %d characters, got one of %d",
                    chunk.getChunkIndex(),
                    chunk.getSampleId(),
                    place(event),
                    LetterSize.ID_CHARS,
                    longest);
        }
    }

    private static int longest(List<String> names) {
        int longest = 0;
        for (int i = 0; names != null && i < names.size(); i++) {
            longest = Math.max(longest, names.get(i).length());
        }
        return longest;
    }

    SampleManifest manifest(BagEvent event) throws RejectedRecord {
        SampleManifest manifest = decode(manifests, event);
        identified(event, manifest.getStudy(), manifest.getSampleId(), manifest.getPatientId(), manifest.getRevision());
        checkEmbedding(event, manifest.getSampleId(), manifest.getEmbedding(), manifest.getEmbeddingVersion());
        for (String covariate : config.covariates()) {
            Double value = manifest.getCovariates().get(covariate);
            if (value == null || !Double.isFinite(value)) {
                throw new RejectedRecord(
                        manifest.getSampleId(),
                        "covariate '%s' of sample '%s' (%s): expected a finite number, got %s",
                        covariate,
                        manifest.getSampleId(),
                        place(event),
                        value == null ? "none" : value);
            }
        }
        return manifest;
    }

    Label label(BagEvent event) throws RejectedRecord {
        Label label = decode(labels, event);
        // Without a sample it is the patient's.
        identified(
                event,
                label.getStudy(),
                label.getSampleId().isEmpty() ? label.getPatientId() : label.getSampleId(),
                label.getPatientId(),
                label.getRevision());
        Optional<OutcomeConfig> outcome = config.outcome(label.getOutcome());
        if (outcome.isEmpty()) {
            throw new RejectedRecord(
                    label.getSampleId(),
                    "label of sample '%s' (%s): expected an outcome among %s, got '%s'",
                    label.getSampleId(),
                    place(event),
                    config.outcomes().stream().map(OutcomeConfig::name).toList(),
                    label.getOutcome());
        }
        int trials = trials(label, outcome.get(), place(event));
        double value = label.getValue();
        if (!label.getRetracted() && !(value >= 0 && value <= trials && value == Math.rint(value))) {
            throw new RejectedRecord(
                    label.getSampleId(),
                    "label '%s' of sample '%s' (%s): expected a whole number from 0 to %d, got %s",
                    label.getOutcome(),
                    label.getSampleId(),
                    place(event),
                    trials,
                    value);
        }
        return label;
    }

    /** Trials of a label, its own or its outcome's. */
    static int trials(Label label, OutcomeConfig outcome, String place) throws RejectedRecord {
        if (label.getTrials() == null) {
            return outcome.trials();
        }
        boolean bernoulli = outcome.likelihood() == Likelihood.BERNOULLI;
        if (label.getTrials() < 1
                || label.getTrials() > OutcomeConfig.MOST_TRIALS
                || bernoulli && label.getTrials() != 1) {
            throw new RejectedRecord(
                    label.getSampleId(),
                    "trials of label '%s' of sample '%s' (%s): expected %s, got %d",
                    label.getOutcome(),
                    label.getSampleId(),
                    place,
                    bernoulli ? "1" : "1 to " + OutcomeConfig.MOST_TRIALS,
                    label.getTrials());
        }
        return label.getTrials();
    }

    Control control(BagEvent event) throws RejectedRecord {
        Control control = decode(controls, event);
        if (!control.getStudy().equals(config.study())) {
            throw new RejectedRecord(
                    null,
                    "study of command '%s' (%s): expected '%s', got '%s'",
                    control.getCommandId(),
                    place(event),
                    config.study(),
                    control.getStudy());
        }
        Optional<String> problem = CommandCheck.problem(control, config);
        if (problem.isPresent()) {
            throw new RejectedRecord(
                    null, "command '%s' (%s): %s", control.getCommandId(), place(event), problem.get());
        }
        return control;
    }

    private void identified(BagEvent event, String study, String sample, String patient, int revision)
            throws RejectedRecord {
        if (revision < 0) {
            throw new RejectedRecord(
                    sample, "revision of sample '%s' (%s): expected 0 or more, got %d", sample, place(event), revision);
        }
        if (!usable(sample) || !usable(patient)) {
            throw new RejectedRecord(
                    sample,
                    "ids (%s): expected a sample and a patient, neither blank nor with control characters, got '%s' and '%s'",
                    place(event),
                    sample,
                    patient);
        }
        if (Math.max(sample.length(), patient.length()) > LetterSize.ID_CHARS) {
            throw new RejectedRecord(
                    sample,
                    "ids (%s): expected at most %d characters each, got %d of the sample and %d of the patient",
                    place(event),
                    LetterSize.ID_CHARS,
                    sample.length(),
                    patient.length());
        }
        if (!study.equals(config.study())) {
            throw new RejectedRecord(
                    sample,
                    "study of sample '%s' (%s): expected '%s', got '%s'",
                    sample,
                    place(event),
                    config.study(),
                    study);
        }
        // The key decides the shard, so a wrong one would split a bag over two of them.
        if (!event.getKey().equals(patient)) {
            throw new RejectedRecord(
                    sample,
                    "key of sample '%s' (%s): expected its patient '%s', got '%s'",
                    sample,
                    place(event),
                    patient,
                    event.getKey());
        }
    }

    /** It is part of the key of every posterior. */
    private static void checkEmbedding(BagEvent event, String sample, String embedding, String version)
            throws RejectedRecord {
        if (Math.max(embedding.length(), version.length()) > LetterSize.ID_CHARS) {
            throw new RejectedRecord(
                    sample,
                    "embedding of sample '%s' (%s): expected at most %d characters of its name and its version, got %d and %d",
                    sample,
                    place(event),
                    LetterSize.ID_CHARS,
                    embedding.length(),
                    version.length());
        }
    }

    /** Control characters separate ids in state, and break the lines of what people read. */
    private static boolean usable(String id) {
        return !id.isBlank() && id.chars().noneMatch(Character::isISOControl);
    }

    static String place(BagEvent event) {
        return event.getTopic() + "-" + event.getPartition() + "@" + event.getOffset();
    }

    private static <T extends SpecificRecord> T decode(AvroWire<T> wire, BagEvent event) throws RejectedRecord {
        return decode(wire, event, null);
    }

    private static <T extends SpecificRecord> T decode(AvroWire<T> wire, BagEvent event, T reuse)
            throws RejectedRecord {
        try {
            return wire.decode(Bytes.array(event.getValue()), reuse);
        } catch (WireException e) {
            throw new RejectedRecord(null, "record (%s): %s", place(event), e.getMessage());
        }
    }
}
