package io.gmil.cli.demo;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.stream.Stream;

/**
 * Where broker and cluster keep their files during a run: beside the results, as a large cohort does not fit into a
 * memory-backed temporary directory. Removed at the end; what a killed run left is removed by the next.
 */
final class WorkDirectory implements AutoCloseable {

    private static final String PREFIX = ".run-";

    private final Path directory;

    private WorkDirectory(Path directory) {
        this.directory = directory;
    }

    static WorkDirectory createIn(Path out) throws IOException {
        for (Path left : leftByDeadProcesses(out)) {
            delete(left);
        }
        Path directory = out.resolve(PREFIX + ProcessHandle.current().pid()).toAbsolutePath();
        delete(directory);
        return new WorkDirectory(Files.createDirectories(directory));
    }

    private static List<Path> leftByDeadProcesses(Path out) throws IOException {
        try (Stream<Path> files = Files.list(out)) {
            return files.filter(WorkDirectory::ownerIsDead).toList();
        }
    }

    private static boolean ownerIsDead(Path directory) {
        String name = directory.getFileName().toString();
        if (!name.matches("\\.run-\\d{1,18}")) {
            return false;
        }
        long owner = Long.parseLong(name.substring(PREFIX.length()));
        return ProcessHandle.of(owner).isEmpty();
    }

    Path resolve(String name) {
        return directory.resolve(name);
    }

    @Override
    public void close() throws IOException {
        delete(directory);
    }

    private static void delete(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        Files.walkFileTree(directory, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.deleteIfExists(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) {
                // Gone already: a background thread of broker or cluster cleans up as well.
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, IOException e) throws IOException {
                Files.deleteIfExists(visited);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
