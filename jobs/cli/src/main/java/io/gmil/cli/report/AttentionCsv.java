package io.gmil.cli.report;

import io.gmil.schema.AttendedCell;
import io.gmil.schema.AttentionSummary;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * {@code attention.csv}; its columns are a contract. Summaries come in any order and in parts, the file is in the order of
 * the cohort: lines of a finished sample are kept in a file beside it, not in memory, as they may be millions.
 */
public final class AttentionCsv implements AutoCloseable {

    static final String HEADER = "sample_id,outcome,rank,cell_id,weight,contribution\n";

    private final Path spoolFile;
    private final int topK;
    private final long[] start;
    private final long[] length;
    private final Map<Integer, AttentionSummary[]> unfinished = new HashMap<>();
    private final OutputStream spool;
    private long spooled;
    private int finished;

    /**
     * @param spoolFile a file that does not exist yet; removed at the end
     * @param samples number of samples in the cohort
     * @param topK cells kept of each sample, 0 for all
     */
    public AttentionCsv(Path spoolFile, int samples, int topK) throws IOException {
        this.spoolFile = spoolFile;
        this.topK = topK == 0 ? Integer.MAX_VALUE : topK;
        this.start = new long[samples];
        this.length = new long[samples];
        Arrays.fill(start, -1);
        this.spool = new BufferedOutputStream(
                Files.newOutputStream(spoolFile, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), 1 << 16);
    }

    /** Takes a part of a sample's summary; repeated parts have no effect. Returns whether it was the last one missing. */
    public boolean add(int sample, AttentionSummary summary) throws IOException {
        if (start[sample] >= 0) {
            return false;
        }
        AttentionSummary[] parts =
                unfinished.computeIfAbsent(sample, key -> new AttentionSummary[Math.max(1, summary.getParts())]);
        parts[summary.getPart()] = summary;
        if (Arrays.stream(parts).anyMatch(part -> part == null)) {
            return false;
        }
        unfinished.remove(sample);
        start[sample] = spooled;
        for (AttentionSummary part : parts) {
            spool(part);
        }
        length[sample] = spooled - start[sample];
        finished++;
        return true;
    }

    private void spool(AttentionSummary part) throws IOException {
        for (AttendedCell cell : part.getTop()) {
            if (cell.getRank() <= topK) {
                String line = Csv.line(
                        part.getSampleId(),
                        part.getOutcome(),
                        cell.getRank(),
                        cell.getCellId(),
                        cell.getWeight(),
                        cell.getContribution());
                byte[] bytes = (line + "\n").getBytes(StandardCharsets.UTF_8);
                spool.write(bytes);
                spooled += bytes.length;
            }
        }
    }

    /** Samples whose summary is complete. */
    public int finished() {
        return finished;
    }

    /** Writes the finished samples in the order of the cohort. */
    public void writeTo(Path file) throws IOException {
        spool.flush();
        try (FileChannel from = FileChannel.open(spoolFile);
                FileChannel to = FileChannel.open(
                        file,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE,
                        StandardOpenOption.TRUNCATE_EXISTING);
                OutputStream out = new BufferedOutputStream(Channels.newOutputStream(to), 1 << 16)) {
            out.write(HEADER.getBytes(StandardCharsets.UTF_8));
            for (int sample = 0; sample < start.length; sample++) {
                if (start[sample] >= 0) {
                    out.flush();
                    transfer(from, start[sample], length[sample], to);
                }
            }
        }
    }

    private static void transfer(FileChannel from, long start, long length, FileChannel to) throws IOException {
        for (long done = 0; done < length; ) {
            done += from.transferTo(start + done, length - done, to);
        }
    }

    @Override
    public void close() throws IOException {
        spool.close();
        Files.deleteIfExists(spoolFile);
    }
}
