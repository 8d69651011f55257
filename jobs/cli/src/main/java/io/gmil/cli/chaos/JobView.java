package io.gmil.cli.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import io.gmil.cli.cluster.ClusterException;
import io.gmil.cli.cluster.ClusterRest;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/** What the job manager says of a job. */
final class JobView {

    /** A checkpoint that lasts so long waits for somebody. */
    private static final long STUCK_MILLIS = 500;

    private static final long POLL_MILLIS = 50;
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String OPEN_BAGS = "bags.gmil.bagsOpen";

    private final ClusterRest rest;
    private final String path;

    JobView(LearningJob job) {
        this.rest = job.cluster().rest();
        this.path = "/jobs/" + job.id();
    }

    /** Something to wait for. */
    interface Condition {
        boolean holds() throws InterruptedException;
    }

    /** Whether it comes to hold in time. */
    static boolean comes(Duration patience, Condition condition) throws InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        while (!condition.holds()) {
            if (System.nanoTime() > deadline) {
                return false;
            }
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
        }
        return true;
    }

    /** Bags that some but not all records have come of, half a second ago. */
    long openBags() throws InterruptedException {
        for (JsonNode vertex : get("").path("vertices")) {
            if (vertex.path("name").asText().startsWith("bags")) {
                String metrics = "/vertices/" + vertex.path("id").asText() + "/subtasks/metrics?agg=sum&get=";
                return get(metrics + OPEN_BAGS).path(0).path("sum").asLong();
            }
        }
        return 0;
    }

    /** A job manager that is busy may answer late. */
    private JsonNode get(String what) throws InterruptedException {
        AtomicReference<JsonNode> answer = new AtomicReference<>();
        if (!comes(PATIENCE, () -> {
            answer.set(rest.get(path + what).orElse(null));
            return answer.get() != null;
        })) {
            throw new ClusterException("the job manager does not answer after " + PATIENCE.toSeconds() + " s");
        }
        return answer.get();
    }

    long completedCheckpoints() throws InterruptedException {
        return count("completed");
    }

    long failedCheckpoints() throws InterruptedException {
        return count("failed");
    }

    private long count(String status) throws InterruptedException {
        return checkpoints().path("counts").path(status).asLong();
    }

    private JsonNode checkpoints() throws InterruptedException {
        return get("/checkpoints");
    }

    /** A checkpoint that is in progress and stays so. */
    OptionalLong stuckCheckpoint(Duration patience) throws InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        while (System.nanoTime() < deadline) {
            OptionalLong id = inProgress();
            TimeUnit.MILLISECONDS.sleep(STUCK_MILLIS);
            if (id.isPresent() && id.equals(inProgress())) {
                return id;
            }
        }
        return OptionalLong.empty();
    }

    private OptionalLong inProgress() throws InterruptedException {
        for (JsonNode checkpoint : checkpoints().path("history")) {
            if (checkpoint.path("status").asText().equals("IN_PROGRESS")) {
                return OptionalLong.of(checkpoint.path("id").asLong());
            }
        }
        return OptionalLong.empty();
    }

    /** For example COMPLETED; empty where the job manager does not remember it. */
    Optional<String> checkpointStatus(long id) throws InterruptedException {
        return rest.get(path + "/checkpoints/details/" + id)
                .map(details -> details.path("status").asText());
    }

    /** When the job was last restarted after a failure, in ms; 0 for never since its job manager runs. */
    long restartedAt() throws InterruptedException {
        return get("").path("timestamps").path("RESTARTING").asLong();
    }
}
