package io.gmil.cli.cluster.ha;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.runtime.leaderelection.LeaderElectionDriver;
import org.apache.flink.runtime.leaderelection.LeaderInformation;
import org.apache.flink.runtime.leaderelection.LeaderInformationRegister;
import org.apache.flink.runtime.persistence.StateHandleStore.AlreadyExistException;
import org.apache.flink.runtime.persistence.StateHandleStore.NotExistException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileHaTest {

    @TempDir
    private Path directory;

    private final ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor();

    @AfterEach
    void stop() {
        executor.shutdownNow();
    }

    @Test
    void aStandByLeadsWhenTheLeaderIsGone() throws Exception {
        LeaderFiles files = new LeaderFiles(directory);
        Contender first = new Contender();
        Contender second = new Contender();
        FileLeaderElection leader = FileLeaderElection.enter(files, executor, first);
        UUID session = first.granted.poll(10, TimeUnit.SECONDS);
        assertThat(session).isNotNull();
        try (FileLeaderElection standBy = FileLeaderElection.enter(files, executor, second)) {
            leader.publishLeaderInformation("dispatcher", LeaderInformation.known(session, "there"));
            standBy.publishLeaderInformation("dispatcher", LeaderInformation.known(UUID.randomUUID(), "here"));
            assertThat(files.read("dispatcher")).isEqualTo(LeaderInformation.known(session, "there"));
            assertThat(leader.hasLeadership()).isTrue();
            assertThat(standBy.hasLeadership()).isFalse();

            leader.close();
            UUID next = second.granted.poll(10, TimeUnit.SECONDS);
            assertThat(next).isNotNull().isNotEqualTo(session);
            assertThat(standBy.hasLeadership()).isTrue();
        }
        assertThat(first.errors).isEmpty();
        assertThat(second.errors).isEmpty();
    }

    @Test
    void watchersHearOfEveryLeader() throws Exception {
        LeaderFiles files = new LeaderFiles(directory);
        LeaderInformation leader = LeaderInformation.known(UUID.randomUUID(), "somewhere:1");
        BlockingQueue<LeaderInformation> heard = new LinkedBlockingQueue<>();
        try (LeaderWatch watch = LeaderWatch.start(files, "job-1", executor, heard::add)) {
            assertThat(heard.poll(10, TimeUnit.SECONDS)).isEqualTo(LeaderInformation.empty());
            files.write("job-1", leader);
            LeaderInformation last = LeaderInformation.empty();
            while (last.isEmpty()) {
                last = heard.poll(10, TimeUnit.SECONDS);
            }
            assertThat(last).isEqualTo(leader);
            assertThat(watch).hasToString("LeaderWatch of job-1");
        }
    }

    @Test
    void keepsNamedObjectsInTheOrderOfTheirNames() throws Exception {
        FileStateHandleStore<String> store = new FileStateHandleStore<>(directory);
        String second = EntryNames.CHECKPOINTS.checkpointIDToName(10);
        String first = EntryNames.CHECKPOINTS.checkpointIDToName(9);
        store.addAndLock(second, "ten");
        store.addAndLock(first, "nine");
        // Of a writer that died.
        Files.writeString(directory.resolve(WholeFile.UNFINISHED + "11-x"), "half");
        assertThatThrownBy(() -> store.addAndLock(first, "again")).isInstanceOf(AlreadyExistException.class);
        store.replace(first, store.exists(first), "new nine");

        FileStateHandleStore<String> successor = new FileStateHandleStore<>(directory);
        assertThat(values(successor)).containsExactly("new nine", "ten");
        assertThat(successor.releaseAndTryRemove(first)).isTrue();
        assertThat(successor.releaseAndTryRemove(first)).isTrue();
        assertThat(successor.exists(first).isExisting()).isFalse();
        assertThatThrownBy(() -> successor.getAndLock(first)).isInstanceOf(NotExistException.class);
        successor.clearEntries();
        assertThat(successor.getAllHandles()).isEmpty();
    }

    private static List<String> values(FileStateHandleStore<String> store) throws Exception {
        List<String> values = new ArrayList<>();
        for (var entry : store.getAllAndLock()) {
            values.add(entry.f0.retrieveState());
        }
        return values;
    }

    @Test
    void givesNoCheckpointIdTwice() throws IOException {
        Path file = directory.resolve("job").resolve("counter");
        FileCheckpointCounter counter = new FileCheckpointCounter(file);
        assertThat(counter.getAndIncrement()).isEqualTo(1);
        assertThat(counter.getAndIncrement()).isEqualTo(2);

        FileCheckpointCounter successor = new FileCheckpointCounter(file);
        assertThat(successor.get()).isEqualTo(3);
        successor.shutdown(JobStatus.SUSPENDED).join();
        assertThat(new FileCheckpointCounter(file).getAndIncrement()).isEqualTo(3);
        successor.shutdown(JobStatus.FINISHED).join();
        assertThat(new FileCheckpointCounter(file).getAndIncrement()).isEqualTo(1);
    }

    private static final class Contender implements LeaderElectionDriver.Listener {

        private final BlockingQueue<UUID> granted = new LinkedBlockingQueue<>();
        private final List<Throwable> errors = new ArrayList<>();

        @Override
        public void onGrantLeadership(UUID session) {
            granted.add(session);
        }

        @Override
        public void onRevokeLeadership() {
            errors.add(new AssertionError("a lock is not lost"));
        }

        @Override
        public void onLeaderInformationChange(String component, LeaderInformation leader) {
            errors.add(new AssertionError("nobody else writes"));
        }

        @Override
        public void onLeaderInformationChange(LeaderInformationRegister leaders) {
            errors.add(new AssertionError("nobody else writes"));
        }

        @Override
        public void onError(Throwable error) {
            errors.add(error);
        }
    }
}
