package io.gmil.cli.exchange;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.gmil.cli.UsageException;
import io.gmil.cli.exchange.NpyArray.Malformed;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * NumPy's .npz: a zip of {@code NAME.npy}. Texts are members without that ending, of which {@code numpy.load} gives the
 * bytes.
 */
final class NpzFile {

    private static final String ARRAY = ".npy";

    /** Longer members are no text of ours. */
    private static final int LONGEST_TEXT = 1 << 26;

    /** 1 January 1980 UTC, so that the same model gives the same bytes. */
    private static final long NO_TIME = 315532800000L;

    private NpzFile() {}

    static TensorFile read(Path file) throws IOException {
        TensorFile read = new TensorFile(file, new LinkedHashMap<>(), new LinkedHashMap<>(), new LinkedHashMap<>());
        try (ZipFile zip = new ZipFile(file.toFile())) {
            Set<String> names = new HashSet<>();
            for (Enumeration<? extends ZipEntry> entries = zip.entries(); entries.hasMoreElements(); ) {
                ZipEntry entry = entries.nextElement();
                if (!names.add(entry.getName())) {
                    throw TensorFile.damaged(file, "members", "each name once", "'" + entry.getName() + "' twice");
                }
                add(zip, entry, read);
            }
        } catch (ZipException e) {
            throw TensorFile.damaged(
                    file, ".npz", "a zip of .npy arrays", "a damaged or another file: " + e.getMessage());
        }
        return read;
    }

    private static void add(ZipFile zip, ZipEntry entry, TensorFile to) throws IOException {
        String name = entry.getName();
        try (InputStream in = zip.getInputStream(entry)) {
            if (name.endsWith(ARRAY)) {
                String array = name.substring(0, name.length() - ARRAY.length());
                NpyArray npy = new NpyArray(in.readAllBytes());
                if (npy.isReal()) {
                    to.tensors().put(array, npy.tensor());
                } else {
                    to.others().put(array, npy.type());
                }
            } else if (entry.getSize() <= LONGEST_TEXT) {
                to.texts().put(name, new String(in.readAllBytes(), UTF_8));
            }
        } catch (Malformed e) {
            throw TensorFile.damaged(to.file(), "'" + name + "'", e.expected, e.getMessage());
        } catch (OutOfMemoryError e) {
            throw new UsageException("'" + name + "': expected an array that fits into memory, got one of "
                    + entry.getSize() + " bytes in " + to.file());
        }
    }

    static void write(Path file, Map<String, Tensor> tensors, Map<String, String> texts) throws IOException {
        try (ZipOutputStream zip = new ZipOutputStream(new BufferedOutputStream(Files.newOutputStream(file)))) {
            for (Map.Entry<String, Tensor> tensor : tensors.entrySet()) {
                member(zip, tensor.getKey() + ARRAY, NpyArray.write(tensor.getValue()));
            }
            for (Map.Entry<String, String> text : texts.entrySet()) {
                member(zip, text.getKey(), text.getValue().getBytes(UTF_8));
            }
        }
    }

    private static void member(ZipOutputStream zip, String name, byte[] bytes) throws IOException {
        ZipEntry entry = new ZipEntry(name);
        entry.setTime(NO_TIME);
        zip.putNextEntry(entry);
        zip.write(bytes);
        zip.closeEntry();
    }
}
