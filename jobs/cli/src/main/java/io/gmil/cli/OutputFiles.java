package io.gmil.cli;

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
}
