package io.gmil.cohort;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvParser;
import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/** The rows of a .csv or .csv.gz file, one at a time, each as wide as the header. */
final class CsvRows implements Closeable {

    private static final ObjectReader ROWS = new CsvMapper()
            .readerFor(String[].class)
            .with(CsvParser.Feature.WRAP_AS_ARRAY)
            .with(CsvParser.Feature.SKIP_EMPTY_LINES);
    private static final int BUFFER = 1 << 16;

    private final String name;
    private final Reader reader;
    private final MappingIterator<String[]> rows;
    private final List<String> header;
    private long row;

    private CsvRows(String name, Reader reader) throws IOException {
        this.name = name;
        this.reader = reader;
        this.rows = start(reader);
        this.header = checkHeader(read());
    }

    /**
     * Opens the file and reads its header.
     *
     * @throws CohortException if it is not text, has no header or names a column twice
     */
    static CsvRows open(Path file) throws IOException {
        String name = file.getFileName().toString();
        if (!Files.isRegularFile(file)) {
            throw new CohortException("no file " + file + "; expected a .csv or .csv.gz file");
        }
        InputStream raw = Files.newInputStream(file);
        try {
            return new CsvRows(name, new InputStreamReader(decompressed(name, raw), StandardCharsets.UTF_8));
        } catch (IOException | RuntimeException e) {
            raw.close();
            throw e;
        }
    }

    private static InputStream decompressed(String name, InputStream raw) throws IOException {
        InputStream in = new BufferedInputStream(raw, BUFFER);
        // By content, not by name: a browser may have unpacked the file or a colleague renamed it.
        in.mark(2);
        boolean gzip = in.read() == 0x1f && in.read() == 0x8b;
        in.reset();
        if (!gzip) {
            return in;
        }
        try {
            return new GZIPInputStream(in, BUFFER);
        } catch (EOFException | ZipException e) {
            throw new CohortException(name + " is not a complete gzip file: " + e.getMessage(), e);
        }
    }

    private MappingIterator<String[]> start(Reader text) throws IOException {
        try {
            return ROWS.readValues(text);
        } catch (IOException e) {
            throw refusal(e);
        }
    }

    private List<String> checkHeader(String[] first) {
        if (first == null) {
            throw new CohortException(name + " is empty; expected a header line with column names");
        }
        List<String> names = Stream.of(first)
                .map(column -> column.replace("\uFEFF", "").strip())
                .toList();
        if (names.stream().anyMatch(column -> column.chars().anyMatch(c -> c < ' ' || c == 0xFFFD))) {
            throw new CohortException(name + " is not a CSV text file; expected a header line with column names");
        }
        Set<String> seen = new HashSet<>();
        for (String column : names) {
            if (!column.isEmpty() && !seen.add(column)) {
                throw new CohortException("header of " + name + " names column '" + column + "' twice");
            }
        }
        return names;
    }

    List<String> header() {
        return header;
    }

    /** Number of the row that {@link #next()} returned last, the first below the header being 1. */
    long row() {
        return row;
    }

    /** The next row, as wide as the header; null at the end. */
    String[] next() throws IOException {
        String[] values = read();
        if (values == null) {
            return null;
        }
        row++;
        if (values.length != header.size()) {
            throw new CohortException("row " + row + " of " + name + " has " + values.length + " values; expected "
                    + header.size() + " as in the header");
        }
        return values;
    }

    private String[] read() throws IOException {
        try {
            return rows.hasNextValue() ? rows.nextValue() : null;
        } catch (IOException e) {
            throw refusal(e);
        }
    }

    /** What is wrong with the file, or the exception itself where the machine is at fault. */
    private IOException refusal(IOException e) {
        if (e instanceof JacksonException invalid) {
            throw new CohortException(
                    "row " + (row + 1) + " of " + name + " is not valid CSV: " + oneLine(invalid.getOriginalMessage()),
                    e);
        }
        if (e instanceof EOFException || e instanceof ZipException) {
            throw new CohortException(name + " is truncated or damaged after row " + row + ": " + e.getMessage(), e);
        }
        return e;
    }

    private static String oneLine(String message) {
        return message.lines().findFirst().orElse("");
    }

    @Override
    public void close() throws IOException {
        reader.close();
    }
}
