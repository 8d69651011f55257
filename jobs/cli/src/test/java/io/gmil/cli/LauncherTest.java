package io.gmil.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher tells a wrong Java apart before it builds anything. */
class LauncherTest {

    private static final Path LAUNCHER = Path.of("../../gmil").toAbsolutePath().normalize();

    @TempDir
    private Path home;

    private String launch() throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder("sh", LAUNCHER.toString(), "demo").redirectErrorStream(true);
        builder.environment().put("JAVA_HOME", home.toString());
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).isEqualTo(2);
        return output.strip();
    }

    @Test
    void refusesAJavaHomeWithoutJava() throws IOException, InterruptedException {
        assertThat(launch()).startsWith("gmil: JAVA_HOME is " + home).hasLineCount(1);
    }

    @Test
    void refusesAnotherVersion() throws IOException, InterruptedException {
        Path java = Files.createDirectories(home.resolve("bin")).resolve("java");
        Files.writeString(java, "#!/bin/sh\necho 'openjdk version \"21.0.2\" 2024-01-16' >&2\n");
        Files.setPosixFilePermissions(java, Set.of(PosixFilePermission.values()));

        assertThat(launch()).startsWith("gmil: expected JDK 17, got version 21").hasLineCount(1);
    }
}
