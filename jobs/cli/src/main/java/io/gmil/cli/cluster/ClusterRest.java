package io.gmil.cli.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What the job manager answers about itself. */
public final class ClusterRest {

    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(PATIENCE).build();
    private final URI address;

    ClusterRest(URI address) {
        this.address = address;
    }

    /**
     * A job.
     *
     * @param id 32 hexadecimal digits
     * @param name of the job
     * @param state in Flink's words, for example RUNNING
     * @param running tasks that run
     * @param tasks of the job
     */
    public record Job(String id, String name, String state, int running, int tasks) {

        /** Whether it has ended for good. */
        public boolean ended() {
            return List.of("FINISHED", "CANCELED", "FAILED").contains(state);
        }

        /** Whether all of it works: a job counts as RUNNING while its tasks are still starting. */
        public boolean works() {
            return state.equals("RUNNING") && tasks > 0 && running == tasks;
        }
    }

    /**
     * Slots of the task managers that are registered.
     *
     * @param taskManagers their number
     * @param slots all
     * @param free those without a task
     */
    public record Slots(int taskManagers, int slots, int free) {}

    /** Empty where the job manager does not answer, or does not lead yet. */
    public Optional<Slots> slots() throws InterruptedException {
        return get("/overview")
                .filter(overview -> overview.has("slots-total"))
                .map(overview -> new Slots(
                        overview.get("taskmanagers").asInt(),
                        overview.get("slots-total").asInt(),
                        overview.get("slots-available").asInt()));
    }

    /** All jobs that it remembers; none where it does not answer. */
    public List<Job> jobs() throws InterruptedException {
        List<Job> jobs = new ArrayList<>();
        get("/jobs/overview").ifPresent(overview -> overview.path("jobs").forEach(job -> jobs.add(job(job))));
        return jobs;
    }

    private static Job job(JsonNode job) {
        return new Job(
                job.get("jid").asText(),
                job.get("name").asText(),
                job.get("state").asText(),
                job.path("tasks").path("running").asInt(),
                job.path("tasks").path("total").asInt());
    }

    /** Addresses of the registered task managers by name; a restarted one has another address. */
    public Map<String, String> taskManagers() throws InterruptedException {
        Map<String, String> addresses = new TreeMap<>();
        get("/taskmanagers").ifPresent(answer -> answer.path("taskmanagers")
                .forEach(of ->
                        addresses.put(of.get("id").asText(), of.get("path").asText())));
        return addresses;
    }

    /** Names of the task managers that work on a job, in order. One that came late may have nothing to do. */
    public List<String> workers() throws InterruptedException {
        List<String> workers = new ArrayList<>();
        get("/taskmanagers").ifPresent(answer -> answer.path("taskmanagers").forEach(of -> {
            if (of.path("freeSlots").asInt() < of.path("slotsNumber").asInt()) {
                workers.add(of.get("id").asText());
            }
        }));
        Collections.sort(workers);
        return workers;
    }

    /** Checkpoints of a job that have completed since its job manager runs. */
    public long completedCheckpoints(String job) throws InterruptedException {
        return get("/jobs/" + job + "/checkpoints")
                .map(answer -> answer.path("counts").path("completed").asLong())
                .orElse(0L);
    }

    /** Any answer of the REST interface; empty where there is none. */
    public Optional<JsonNode> get(String path) throws InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(address.resolve(path)).timeout(PATIENCE).build();
        try {
            HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
            return answer.statusCode() == 200 ? Optional.of(JSON.readTree(answer.body())) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
