package io.gmil.cli;

import io.gmil.cohort.CohortOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

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

    /** Refuses to write over what is read. */
    static void requireNotRead(String option, Path file, CohortOptions cohort) {
        Path path = file.toAbsolutePath().normalize();
        boolean read = Stream.concat(Stream.of(cohort.file()), cohort.labels().stream())
                .anyMatch(input -> input.toAbsolutePath().normalize().equals(path));
        if (read) {
            throw new UsageException(option + ": expected a file that is not read as well, got " + file);
        }
    }
}
