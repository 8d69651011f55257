package io.gmil.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.w3c.dom.Document;
import picocli.CommandLine;

/** The quick run, whole. */
class ExperimentsCommandTest {

    private static final Pattern PLOT = Pattern.compile("!\\[[^]]+]\\(([^)]+)\\)");

    @TempDir
    private Path directory;

    private final StringWriter output = new StringWriter();
    private final StringWriter errors = new StringWriter();

    private int run(String... arguments) {
        CommandLine command = Gmil.commandLine();
        command.setOut(new PrintWriter(output, true));
        command.setErr(new PrintWriter(errors, true));
        return command.execute(arguments);
    }

    @Test
    void everyExperimentLeavesItsTableAndPlots() throws Exception {
        Path out = directory.resolve("new").resolve("results");
        assertThat(run("experiments", "--quick", "--outcomes", "1", "--out", out.toString()))
                .as(errors.toString())
                .isZero();

        String page = Files.readString(out.resolve("experiments.md"));
        List<String> plots = PLOT.matcher(page)
                .results()
                .map((MatchResult plot) -> plot.group(1))
                .toList();
        assertThat(plots).hasSize(18).doesNotHaveDuplicates();
        DocumentBuilderFactory xml = DocumentBuilderFactory.newInstance();
        xml.setFeature("http://apache.org/xml/features/nonvalidating/load-external-dtd", false);
        for (String plot : plots) {
            Document svg = xml.newDocumentBuilder().parse(out.resolve(plot).toFile());
            assertThat(svg.getDocumentElement().getTagName()).isEqualTo("svg");
            assertThat(svg.getElementsByTagName("text").getLength()).isPositive();
        }
        JsonNode json =
                new ObjectMapper().readTree(out.resolve("experiments.json").toFile());
        assertThat(json.get("experiments").fieldNames())
                .toIterable()
                .containsExactly(
                        "attention",
                        "vgamma",
                        "bags",
                        "cells",
                        "posterior",
                        "effects",
                        "embeddings",
                        "large",
                        "uncertainty");
        for (JsonNode experiment : json.get("experiments")) {
            for (JsonNode fit : experiment.get("fits")) {
                assertThat(fit.get("rhoBag").asDouble()).isBetween(-1.0, 1.0);
                assertThat(fit.get("logLikelihood").asDouble()).isNegative();
                assertThat(fit.get("coverage90").asDouble()).isBetween(0.0, 1.0);
            }
        }
        assertThat(page).contains("A quick run").doesNotContain("authors");
        assertThat(output.toString()).contains("vgamma: ρ of bag effect, GMIL against mean pooling");
    }

    @Test
    void theSameSeedGivesTheSameFigures() throws Exception {
        String first = figures("first", "7");

        assertThat(figures("second", "7")).isEqualTo(first);
        assertThat(figures("third", "8")).isNotEqualTo(first);
    }

    /** Without times. */
    private String figures(String name, String seed) throws Exception {
        Path out = directory.resolve(name);
        String[] arguments = {"experiments", "--quick", "--only", "cells", "--out", out.toString(), "--seed", seed};
        assertThat(run(arguments)).as(errors.toString()).isZero();
        return Files.readString(out.resolve("experiments.json")).replaceAll("\"seconds\" : [^,\\s]+", "");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            --only=gamma | expected some of [attention, vgamma,
            --outcomes=0 | --outcomes: expected 1 to 100, got 0
            --out=FILE | expected a directory, or a name for one
            """)
    void refusesBadInputInOneLine(String argument, String expected) throws Exception {
        Path file = Files.writeString(directory.resolve("file"), "");
        String out = argument.startsWith("--out=") ? "--out=" + file : "--out=" + directory;
        String other = argument.startsWith("--out=") ? "--quick" : argument;

        assertThat(run("experiments", out, other)).isEqualTo(Gmil.BAD_INPUT);
        assertThat(errors.toString().lines()).singleElement().asString().contains(expected);
    }

    @Test
    void aPageThatIsThereStays() throws Exception {
        Path page = Files.writeString(directory.resolve("experiments.md"), "kept");

        assertThat(run("experiments", "--quick", "--out", directory.toString())).isEqualTo(Gmil.BAD_INPUT);
        assertThat(errors.toString()).contains("--overwrite replaces it");
        assertThat(page).hasContent("kept");
    }
}
