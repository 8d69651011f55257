package io.gmil.cohort;

import io.jhdf.HdfFile;
import io.jhdf.api.Attribute;
import io.jhdf.api.Dataset;
import io.jhdf.api.Group;
import io.jhdf.api.Link;
import io.jhdf.api.Node;
import io.jhdf.exceptions.HdfException;
import io.jhdf.links.SoftLink;
import io.jhdf.storage.HdfBackingStorage;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Supplier;

/** An open HDF5 file; turns every failure of the HDF5 library into one line for a person. */
final class H5adFile implements Closeable {

    private static final String LZF = "lzf";

    private final String name;
    private final HdfFile hdf;
    private final FileChannel channel;

    private H5adFile(String name, HdfFile hdf, FileChannel channel) {
        this.name = name;
        this.hdf = hdf;
        this.channel = channel;
    }

    /** @throws CohortException if the file is not HDF5, or shorter than its own header says */
    static H5adFile open(Path file) throws IOException {
        String name = file.getFileName().toString();
        HdfFile hdf;
        try {
            hdf = new HdfFile(file);
        } catch (HdfException e) {
            throw new CohortException(
                    name + " is not a complete HDF5 file: " + e.getMessage() + "; expected AnnData", e);
        } catch (RuntimeException e) {
            throw new CohortException(name + " is a truncated or damaged HDF5 file: its root cannot be read", e);
        }
        try {
            HdfBackingStorage storage = hdf.getHdfBackingStorage();
            long expected = storage.getSuperblock().getEndOfFileAddress();
            long got = Files.size(file);
            if (expected > got) {
                throw new CohortException(
                        name + " is truncated: expected " + expected + " bytes by its header, got " + got);
            }
            return new H5adFile(name, hdf, FileChannel.open(file));
        } catch (IOException | RuntimeException e) {
            hdf.close();
            throw e;
        }
    }

    String name() {
        return name;
    }

    FileChannel channel() {
        return channel;
    }

    long userBlock() {
        return hdf.getUserBlockSize();
    }

    Group root() {
        return hdf;
    }

    /** A child of the group, behind a soft link if need be, or null. */
    Node child(Group group, String child) {
        return guard(group.getPath() + child, () -> resolved(group.getChild(child)));
    }

    /** What a soft link points to; null for a broken link and for one into another file, which is not read. */
    static Node resolved(Node node) {
        if (node instanceof SoftLink link) {
            return link.isBrokenLink() ? null : resolved(link.getTarget());
        }
        return node instanceof Link ? null : node;
    }

    /** The text of an attribute, or the fallback where there is none. */
    String attribute(Node node, String attribute, String fallback) {
        return guard("attribute " + attribute + " of " + node.getPath(), () -> {
            Attribute found = node.getAttribute(attribute);
            return found != null && found.getData() instanceof String text ? text : fallback;
        });
    }

    /** Runs a read; {@code what} says what is read. */
    <T> T guard(String what, Supplier<T> read) {
        try {
            return read.get();
        } catch (CohortException e) {
            throw e;
        } catch (RuntimeException e) {
            throw new CohortException(
                    "cannot read " + what + " of " + name + "; the file is damaged or of an unknown dialect ("
                            + oneLine(e) + ")",
                    e);
        } catch (OutOfMemoryError e) {
            throw tooLarge(name, what, e);
        }
    }

    /** One impossible length in a damaged file asks for gigabytes; nothing else of the process is at fault. */
    static CohortException tooLarge(String name, String what, OutOfMemoryError e) {
        return new CohortException(
                "cannot read " + what + " of " + name + " with "
                        + Runtime.getRuntime().maxMemory() / (1 << 20)
                        + " MB of memory; the file is damaged, or needs smaller chunks or a larger -Xmx",
                e);
    }

    /** Runs a read of a dataset, which the library may not be able to decompress. */
    <T> T guard(Dataset dataset, Supplier<T> read) {
        try {
            return read.get();
        } catch (OutOfMemoryError e) {
            throw tooLarge(name, dataset.getPath(), e);
        } catch (RuntimeException e) {
            if (isLzf(dataset)) {
                throw new CohortException(
                        "cannot read " + dataset.getPath() + " of " + name
                                + ": it is compressed with LZF; re-save the file with compression='gzip'",
                        e);
            }
            return guard(dataset.getPath(), () -> {
                throw e;
            });
        }
    }

    private static boolean isLzf(Dataset dataset) {
        try {
            return dataset.getFilters().stream().anyMatch(filter -> LZF.equals(filter.getName()));
        } catch (RuntimeException e) {
            return false; // the failure being reported already says more
        }
    }

    private static String oneLine(RuntimeException e) {
        String message = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        return message.lines().findFirst().orElse("");
    }

    @Override
    public void close() throws IOException {
        try {
            channel.close();
        } finally {
            hdf.close();
        }
    }
}
