package io.gmil.cli.demo;

import io.gmil.cli.watch.Display;
import io.gmil.cohort.Cohort;
import java.io.PrintWriter;

/** Sends one cohort through the main job: looks at it, starts everything, streams, reports. */
public final class Demo {

    private final Cohort cohort;
    private final DemoSettings settings;
    private final PrintWriter console;

    public Demo(Cohort cohort, DemoSettings settings, PrintWriter console) {
        this.cohort = cohort;
        this.settings = settings;
        this.console = console;
    }

    /** Runs to the end, or until Ctrl-C. */
    public void run() throws Exception {
        try (CleanStop stop = CleanStop.install();
                Display display = new Display(console, Display.onTerminal())) {
            try (WorkDirectory work = WorkDirectory.createIn(settings.out())) {
                run(work, display);
            } catch (Exception e) {
                // Whatever a stop made fail is no failure. The JVM ends with 130 once this has returned.
                if (!stop.requested()) {
                    throw e;
                }
                display.println("stopped");
            }
        }
    }

    private void run(WorkDirectory work, Display display) throws Exception {
        display.println(cohort.description());
        settings.model().ifPresent(model -> display.println("Beginning with the model in " + model));
        display.println("Reading the cohort once; starting Kafka and Flink ...");
        Startup startup = Startup.begin(settings, work);
        Survey survey;
        Deployment deployment;
        try {
            survey = Survey.of(cohort);
            deployment = startup.await();
        } catch (Exception e) {
            startup.abandon();
            throw e;
        }
        try (deployment) {
            display.println("Flink dashboard " + deployment.dashboard() + "   Kafka " + deployment.bootstrapServers());
            new Streaming(cohort, settings, survey, deployment, display).run(work);
        }
    }
}
