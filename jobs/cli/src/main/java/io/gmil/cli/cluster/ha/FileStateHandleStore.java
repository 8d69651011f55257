package io.gmil.cli.cluster.ha;

import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.runtime.persistence.IntegerResourceVersion;
import org.apache.flink.runtime.persistence.StateHandleStore;
import org.apache.flink.runtime.state.RetrievableStateHandle;
import org.apache.flink.runtime.state.RetrievableStreamStateHandle;
import org.apache.flink.util.InstantiationUtil;

/**
 * Named objects in a directory, one file each, in Flink's own serialised form. Only the leader writes, so that nothing
 * has to be locked for it, and a version says no more than whether there is such a file.
 *
 * @param <T> type of the objects
 */
final class FileStateHandleStore<T extends Serializable> implements StateHandleStore<T, IntegerResourceVersion> {

    private final Path directory;

    FileStateHandleStore(Path directory) throws IOException {
        this.directory = Files.createDirectories(directory);
    }

    @Override
    public RetrievableStateHandle<T> addAndLock(String name, T state) throws AlreadyExistException, IOException {
        if (Files.exists(file(name))) {
            throw new AlreadyExistException(file(name) + " exists");
        }
        WholeFile.write(file(name), InstantiationUtil.serializeObject(state));
        return handle(name);
    }

    @Override
    public void replace(String name, IntegerResourceVersion version, T state) throws NotExistException, IOException {
        requireExisting(name);
        WholeFile.write(file(name), InstantiationUtil.serializeObject(state));
    }

    @Override
    public IntegerResourceVersion exists(String name) {
        return Files.exists(file(name)) ? IntegerResourceVersion.valueOf(0) : IntegerResourceVersion.notExisting();
    }

    @Override
    public RetrievableStateHandle<T> getAndLock(String name) throws NotExistException, IOException {
        requireExisting(name);
        return handle(name);
    }

    @Override
    public List<Tuple2<RetrievableStateHandle<T>, String>> getAllAndLock() throws IOException {
        List<Tuple2<RetrievableStateHandle<T>, String>> all = new ArrayList<>();
        for (String name : getAllHandles()) {
            all.add(Tuple2.of(handle(name), name));
        }
        return all;
    }

    @Override
    public List<String> getAllHandles() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> !name.startsWith(WholeFile.UNFINISHED))
                    .sorted()
                    .toList();
        }
    }

    @Override
    public boolean releaseAndTryRemove(String name) throws IOException {
        Files.deleteIfExists(file(name));
        return true;
    }

    @Override
    public void clearEntries() throws IOException {
        for (String name : getAllHandles()) {
            Files.deleteIfExists(file(name));
        }
    }

    @Override
    public void release(String name) {
        // Nothing is locked: leadership is.
    }

    @Override
    public void releaseAll() {
        // As above.
    }

    private void requireExisting(String name) throws NotExistException {
        if (!Files.exists(file(name))) {
            throw new NotExistException(file(name) + " does not exist");
        }
    }

    private RetrievableStateHandle<T> handle(String name) throws IOException {
        Path file = file(name);
        return new RetrievableStreamStateHandle<>(new org.apache.flink.core.fs.Path(file.toUri()), Files.size(file));
    }

    private Path file(String name) {
        return directory.resolve(name);
    }

    @Override
    public String toString() {
        return directory.toString();
    }
}
