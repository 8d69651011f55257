package io.gmil.cli.cluster;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A Java process from this process's own class path, which outlives it.
 *
 * @param main class
 * @param jvm options of memory
 * @param arguments of the main class
 */
record JavaProcess(String main, List<String> jvm, List<String> arguments) {

    private static final String NATIVE_CACHE = "org.bytedeco.javacpp.cachedir";

    /** What every process needs: Avro refuses classes of packages not named, Flink looks into the JDK's own. */
    private static final List<String> ALWAYS = List.of(
            "-Dorg.apache.avro.SERIALIZABLE_PACKAGES=io.gmil.schema,io.gmil.stream.state",
            "--add-opens=java.base/java.util=ALL-UNNAMED",
            "--add-opens=java.base/java.lang=ALL-UNNAMED");

    /** A session of its own, so that Ctrl-C in the terminal that started it does not reach it. */
    private static final Path SETSID = Path.of("/usr/bin/setsid");

    /**
     * Starts it.
     *
     * @param log that log4j2.xml and Flink's dashboard use; appended to
     * @param output that the process prints to; appended to
     */
    Process start(Path work, Path log, Path output) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command(log))
                .directory(work.toFile())
                .redirectErrorStream(true)
                .redirectInput(new File("/dev/null"))
                .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()));
        // Not among the arguments, which people read.
        builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
        // One thread for each slot; BLAS would start as many as there are cores in every one of them.
        builder.environment().put("OMP_NUM_THREADS", "1");
        // Flink would look for its own installation there.
        builder.environment().keySet().removeIf(name -> name.startsWith("FLINK_"));
        return builder.start();
    }

    List<String> command(Path log) {
        List<String> command = new ArrayList<>();
        if (Files.isExecutable(SETSID)) {
            command.add(SETSID.toString());
        }
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(jvm);
        command.addAll(ALWAYS);
        String cache = System.getProperty(NATIVE_CACHE);
        if (cache != null) {
            command.add("-D" + NATIVE_CACHE + "=" + cache);
        }
        command.addAll(List.of("-Dgmil.log=" + log, "-Dlog.file=" + log, "-Dgmil.log.append=true"));
        command.add(main);
        command.addAll(arguments);
        return command;
    }

    /** The last line that is not blank of a file, for a message; a dash where there is none. */
    static String lastLine(Path file) throws IOException {
        if (!Files.exists(file)) {
            return "-";
        }
        try (Stream<String> lines = Files.lines(file)) {
            return lines.filter(line -> !line.isBlank())
                    .reduce((first, second) -> second)
                    .orElse("-");
        }
    }
}
