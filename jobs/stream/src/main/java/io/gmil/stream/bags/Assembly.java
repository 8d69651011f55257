package io.gmil.stream.bags;

import io.gmil.schema.CellChunk;
import io.gmil.schema.SampleManifest;
import io.gmil.stream.state.Bag;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * How a bag comes together from chunks and a manifest that arrive in any order and more than once. Pure: it only changes
 * the bookkeeping record it is given.
 */
final class Assembly {

    /** What became of a record. */
    enum Outcome {
        /** It is new and belongs to the bag. */
        ACCEPTED,
        /** The bag has it already. */
        DUPLICATE,
        /** A higher revision is there already. */
        SUPERSEDED,
        /** It contradicts the bag; {@link Verdict#cause} says how. */
        REJECTED
    }

    /** @param cause what, expected, got; null unless rejected */
    record Verdict(Outcome outcome, String cause) {
        static final Verdict ACCEPTED = new Verdict(Outcome.ACCEPTED, null);
        static final Verdict DUPLICATE = new Verdict(Outcome.DUPLICATE, null);
        static final Verdict SUPERSEDED = new Verdict(Outcome.SUPERSEDED, null);

        static Verdict rejected(String cause, Object... arguments) {
            return new Verdict(Outcome.REJECTED, cause.formatted(arguments));
        }
    }

    private Assembly() {}

    /** Chunks of one sample are bounded so that a damaged index cannot make the bookkeeping huge. */
    private static final int MAX_CHUNKS = 1 << 16;

    static Bag start(CellChunk chunk) {
        return start(
                chunk.getStudy(),
                chunk.getSampleId(),
                chunk.getPatientId(),
                chunk.getRevision(),
                chunk.getEmbedding(),
                chunk.getEmbeddingVersion(),
                chunk.getWidth());
    }

    static Bag start(SampleManifest manifest) {
        return start(
                manifest.getStudy(),
                manifest.getSampleId(),
                manifest.getPatientId(),
                manifest.getRevision(),
                manifest.getEmbedding(),
                manifest.getEmbeddingVersion(),
                manifest.getWidth());
    }

    private static Bag start(
            String study, String sample, String patient, int revision, String embedding, String version, int width) {
        return Bag.newBuilder()
                .setStudy(study)
                .setSampleId(sample)
                .setPatientId(patient)
                .setRevision(revision)
                .setEmbedding(embedding)
                .setEmbeddingVersion(version)
                .setWidth(width)
                .setCovariates(new HashMap<>())
                .setChunkCells(new ArrayList<>())
                .setChunkChecksums(new ArrayList<>())
                .setKeptCells(new ArrayList<>())
                .build();
    }

    /** Whether a record of a revision begins a bag: there is none, an earlier one, or nothing of that revision is held. */
    static boolean begins(Bag known, int revision) {
        return known == null
                || known.getRevision() < revision
                || known.getRevision() == revision && !known.getComplete() && empty(known);
    }

    private static boolean empty(Bag bag) {
        return !bag.getManifest() && bag.getChunkCells().isEmpty();
    }

    /** Forgets what has arrived, but not which revision was the last. */
    static void clear(Bag bag) {
        bag.setManifest(false);
        bag.setCells(0);
        bag.setChecksum(0);
        bag.setCovariates(new HashMap<>());
        bag.setChunkCells(new ArrayList<>());
        bag.setChunkChecksums(new ArrayList<>());
        bag.setAnnotated(false);
        bag.setBytes(0);
        bag.setUsedCells(0);
        bag.setKeptCells(new ArrayList<>());
    }

    /** Adds a chunk whose own checksum has been verified. */
    static Verdict accept(Bag bag, CellChunk chunk) {
        int index = chunk.getChunkIndex();
        List<Integer> rows = bag.getChunkCells();
        if (chunk.getRevision() < bag.getRevision()) {
            return Verdict.SUPERSEDED;
        }
        if (index < 0 || index >= MAX_CHUNKS || bag.getManifest() && index >= rows.size()) {
            return Verdict.rejected(
                    "chunk %d of sample '%s': expected 0 to %d",
                    index, bag.getSampleId(), (bag.getManifest() ? rows.size() : MAX_CHUNKS) - 1);
        }
        String clash =
                clash(bag, chunk.getPatientId(), chunk.getEmbedding(), chunk.getEmbeddingVersion(), chunk.getWidth());
        if (clash != null) {
            return Verdict.rejected("%s", clash);
        }
        grow(bag, index + 1);
        if (rows.get(index) > 0) {
            return rows.get(index) == chunk.getCells()
                            && bag.getChunkChecksums().get(index) == chunk.getChecksum()
                    ? Verdict.DUPLICATE
                    : Verdict.rejected(
                            "chunk %d of sample '%s' revision %d: expected the %d cells with checksum %08x seen before,"
                                    + " got %d cells with checksum %08x",
                            index,
                            bag.getSampleId(),
                            bag.getRevision(),
                            rows.get(index),
                            bag.getChunkChecksums().get(index),
                            chunk.getCells(),
                            chunk.getChecksum());
        }
        rows.set(index, chunk.getCells());
        bag.setBytes(bag.getBytes() + (long) Float.BYTES * chunk.getCells() * chunk.getWidth());
        bag.getChunkChecksums().set(index, chunk.getChecksum());
        bag.setAnnotated(bag.getAnnotated() || chunk.getCellIds() != null || chunk.getCellTypes() != null);
        return Verdict.ACCEPTED;
    }

    /** Adds the manifest. */
    static Verdict accept(Bag bag, SampleManifest manifest) {
        if (manifest.getRevision() < bag.getRevision()) {
            return Verdict.SUPERSEDED;
        }
        if (bag.getManifest()) {
            return manifest.getChecksum() == bag.getChecksum()
                            && manifest.getCells() == bag.getCells()
                            && manifest.getChunks() == bag.getChunkCells().size()
                            && manifest.getCovariates().equals(bag.getCovariates())
                    ? Verdict.DUPLICATE
                    : Verdict.rejected(
                            "manifest of sample '%s' revision %d: expected %d cells with checksum %08x and covariates %s as"
                                    + " before, got %d cells with checksum %08x and covariates %s",
                            bag.getSampleId(),
                            bag.getRevision(),
                            bag.getCells(),
                            bag.getChecksum(),
                            bag.getCovariates(),
                            manifest.getCells(),
                            manifest.getChecksum(),
                            manifest.getCovariates());
        }
        if (manifest.getCells() < 1
                || manifest.getChunks() < 1
                || manifest.getChunks() > Math.min(MAX_CHUNKS, manifest.getCells())) {
            return Verdict.rejected(
                    "manifest of sample '%s': expected at least one cell and 1 to %d chunks, got %d cells in %d chunks",
                    bag.getSampleId(), MAX_CHUNKS, manifest.getCells(), manifest.getChunks());
        }
        String clash = clash(
                bag,
                manifest.getPatientId(),
                manifest.getEmbedding(),
                manifest.getEmbeddingVersion(),
                manifest.getWidth());
        if (clash == null && bag.getChunkCells().size() > manifest.getChunks()) {
            clash = "manifest of sample '%s': expected at least %d chunks, as were seen, got %d"
                    .formatted(bag.getSampleId(), bag.getChunkCells().size(), manifest.getChunks());
        }
        if (clash != null) {
            return Verdict.rejected("%s", clash);
        }
        grow(bag, manifest.getChunks());
        bag.setManifest(true);
        bag.setCells(manifest.getCells());
        bag.setChecksum(manifest.getChecksum());
        bag.setCovariates(new HashMap<>(manifest.getCovariates()));
        return Verdict.ACCEPTED;
    }

    /** Whether the manifest and every chunk are there. */
    static boolean gathered(Bag bag) {
        return bag.getManifest() && !bag.getChunkCells().contains(0);
    }

    /** Says what is wrong with a gathered bag as a whole, or null. */
    static String contradiction(Bag bag) {
        int cells = bag.getChunkCells().stream().mapToInt(Integer::intValue).sum();
        int checksum = checksum(bag.getChunkChecksums());
        if (cells == bag.getCells() && checksum == bag.getChecksum()) {
            return null;
        }
        return "sample '%s' revision %d: expected %d cells with checksum %08x as its manifest says, got %d cells with checksum %08x"
                .formatted(bag.getSampleId(), bag.getRevision(), bag.getCells(), bag.getChecksum(), cells, checksum);
    }

    private static int checksum(List<Integer> chunks) {
        ByteBuffer bytes = ByteBuffer.allocate(4 * chunks.size()).order(ByteOrder.LITTLE_ENDIAN);
        chunks.forEach(bytes::putInt);
        CRC32C crc = new CRC32C();
        crc.update(bytes.flip());
        return (int) crc.getValue();
    }

    private static String clash(Bag bag, String patient, String embedding, String version, int width) {
        if (!bag.getPatientId().equals(patient)) {
            return "patient of sample '%s': expected '%s', got '%s'"
                    .formatted(bag.getSampleId(), bag.getPatientId(), patient);
        }
        if (!bag.getEmbedding().equals(embedding) || !bag.getEmbeddingVersion().equals(version)) {
            return "embedding of sample '%s': expected %s version %s, got %s version %s"
                    .formatted(bag.getSampleId(), bag.getEmbedding(), bag.getEmbeddingVersion(), embedding, version);
        }
        return bag.getWidth() == width
                ? null
                : "embedding width of sample '%s': expected %d as in its other records, got %d"
                        .formatted(bag.getSampleId(), bag.getWidth(), width);
    }

    private static void grow(Bag bag, int chunks) {
        while (bag.getChunkCells().size() < chunks) {
            bag.getChunkCells().add(0);
            bag.getChunkChecksums().add(0);
        }
    }
}
