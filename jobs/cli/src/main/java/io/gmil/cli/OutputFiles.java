package io.gmil.cli;

import io.gmil.cohort.CohortOptions;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where a command may write; asked before the work and not after it. */
final class OutputFiles {

    private OutputFiles() {}

    /** Refuses a file that exists, cannot be replaced, or has no directory to be in. */
    static void requireWritable(String option, Path file, boolean overwrite) {
        if (Files.isDirectory(file)) {
            throw new UsageException(option + ": expected a file, got the directory " + file);
        }
        if (Files.exists(file) && !overwrite) {
            throw new UsageException(option + ": " + file + " exists; --overwrite replaces it");
        }
        Path directory = file.toAbsolutePath().getParent();
        if (!Files.isDirectory(directory) || !Files.isWritable(directory)) {
            throw new UsageException(option + ": no directory " + directory + " that can be written to");
        }
    }

    /** Refuses to write over what is read, whatever links lead there. */
    static void requireNotRead(String option, Path file, CohortOptions cohort) throws IOException {
        boolean read = same(cohort.file(), file)
                || (cohort.labels().isPresent() && same(cohort.labels().get(), file));
        if (read) {
            throw new UsageException(option + ": expected a file that is not read as well, got " + file);
        }
    }

    /** Refuses to write into the directory of a model, which need not exist yet, or over what a link in it leads to. */
    static void requireOutside(String option, Path file, Path model) throws IOException {
        if (real(file).startsWith(real(model)) || isLinkedIn(model, file)) {
            throw new UsageException(
                    option + ": expected a file outside the model directory " + model + ", got " + file);
        }
    }

    private static boolean isLinkedIn(Path directory, Path file) throws IOException {
        if (!Files.isDirectory(directory)) {
            return false;
        }
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            for (Path entry : entries) {
                if (same(entry, file)) {
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean same(Path one, Path other) throws IOException {
        return Files.exists(one) && Files.exists(other)
                ? Files.isSameFile(one, other)
                : real(one).equals(real(other));
    }

    /** The path without links, as far as it exists. */
    static Path real(Path path) throws IOException {
        Path absolute = path.toAbsolutePath();
        Path parent = absolute.getParent();
        return Files.exists(absolute) || parent == null
                ? absolute.toRealPath()
                : real(parent).resolve(absolute.getFileName()).normalize();
    }
}
