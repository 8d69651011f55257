package io.gmil.cli.cluster;

import io.gmil.cli.cluster.ClusterRest.Job;
import io.gmil.cli.cluster.ClusterRest.Slots;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** A cluster as a person sees it. */
public final class ClusterTable {

    private final ProcessCluster cluster;

    public ClusterTable(ProcessCluster cluster) {
        this.cluster = cluster;
    }

    /** One line for each process and job, and where to find what. */
    public List<String> lines() throws InterruptedException {
        ClusterRest rest = cluster.rest();
        List<String> lines = new ArrayList<>();
        lines.add("%-16s%9s  %s".formatted("process", "pid", "alive"));
        for (String name : cluster.names()) {
            OptionalLong pid = cluster.pid(name);
            String alive = pid.isPresent() ? "yes" : cluster.died(name) ? "no (died)" : "no";
            lines.add("%-16s%9s  %s".formatted(name, pid.isPresent() ? pid.getAsLong() : "-", alive));
        }
        Optional<Slots> slots = rest.slots();
        lines.add("");
        lines.add("dashboard  " + cluster.address() + (slots.isPresent() ? "" : "  (does not answer)"));
        lines.add("Kafka      " + cluster.bootstrapServers());
        slots.ifPresent(of -> lines.add("slots      " + (of.slots() - of.free()) + " of " + of.slots() + " in use"));
        for (Job job : rest.jobs()) {
            lines.add("job        %s  %s  %s, %d of %d tasks"
                    .formatted(job.id(), job.name(), job.state(), job.running(), job.tasks()));
        }
        return lines;
    }
}
