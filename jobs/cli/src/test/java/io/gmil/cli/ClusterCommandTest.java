package io.gmil.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Bad input of 'gmil cluster' and 'gmil submit': one line, exit 2, and nothing was started. */
class ClusterCommandTest {

    @TempDir
    private Path directory;

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            cluster | expected start, status or stop
            cluster start --taskmanagers 0 | --taskmanagers: expected 1 to 64, got 0
            cluster start --port 70000 | --port: expected 0 to 65535, got 70000
            cluster status | ; 'gmil cluster start' makes one
            cluster stop | ; 'gmil cluster start' makes one
            """)
    void refusesBadOptions(String arguments, String expected) {
        Path place = directory.resolve("c");
        String where = arguments.equals("cluster") ? "" : " --directory " + place;
        Run.of(arguments + where).assertRefused(expected);
        assertThat(place).doesNotExist();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            submit | expected either --config FILE to run a job or --stop JOB
            submit --config a --stop b | expected either --config FILE to run a job or --stop JOB
            submit --config a --savepoint s | --savepoint goes with --stop
            submit --stop a --application | --stop goes with --cluster and --savepoint only
            submit --config a | no cluster in
            """)
    void refusesBadSubmissions(String arguments, String expected) {
        Run.of(arguments + " --cluster " + directory.resolve("c")).assertRefused(expected);
    }

    @Test
    void refusesToChangeWhatAClusterHas() throws IOException {
        Files.writeString(
                directory.resolve("cluster.properties"), "taskmanagers=3\nslots=2\nport=8081\nbroker-port=9092\n");
        String start = "cluster start --directory " + directory + " ";

        Run.of(start + "--taskmanagers 2").assertRefused("has 3, which can only be added to, got 2");
        Run.of(start + "--port 8082").assertRefused("--port: the cluster in " + directory + " has 8081, got 8082");
        Run.of(start + "-D a=b").assertRefused("-D: the cluster in " + directory + " has its options");
    }
}
