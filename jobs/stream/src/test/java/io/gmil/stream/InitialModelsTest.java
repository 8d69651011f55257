package io.gmil.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gmil.stream.saved.ModelException;
import io.gmil.stream.saved.ModelReader;
import io.gmil.stream.saved.SavedModel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InitialModelsTest {

    private static final SavedModel MODEL = SavedBags.fit(SavedBags.named("old", 6), "Y", "binomial", 2);

    @TempDir
    private Path directory;

    @Test
    void withoutTheSettingThereIsNone() throws IOException {
        assertThat(InitialModels.load(Events.config(Map.of()))).isEmpty();
    }

    @Test
    void isReadFromItsDirectoryByPathOrUri() throws IOException {
        Files.write(directory.resolve(ModelReader.MODEL), ModelReader.json(MODEL.file()));
        Files.write(directory.resolve("posterior.bin"), MODEL.posterior().toBytes());
        for (String named : List.of(directory.toString(), directory.toUri().toString())) {
            InitialModel read = InitialModels.load(Events.config(Map.of("initial-model", named)))
                    .get(0);
            assertThat(read.key()).startsWith("test|Y|pca|1|");
            assertThat(read.learner().getPosteriorSha256())
                    .isEqualTo(MODEL.file().posterior().sha256());
            assertThat(read.learnt()).hasSize(6);
        }
    }

    @Test
    void recordsMayNameTheEmbeddingOtherwise() throws IOException {
        JobConfig config = Events.config(Map.of(
                "initial-model", "m", "initial-model.embedding", "scvi", "initial-model.embedding-version", "2024"));
        assertThat(InitialModels.of(MODEL, "m", config).get(0).embedding()).isEqualTo("test|scvi|2024");
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
            outcomes; Y:binomial:3; outcome: expected Y:binomial:3 as the job learns, got Y:binomial:2
            outcomes; Y:bernoulli,Z:binomial:2; outcome: expected Y:bernoulli or Z:binomial:2 as the job learns, got Y:bin
            covariates; age,sex; covariates: expected [age, sex] as the job has, got []
            """)
    void refusesAModelThatDoesNotFitTheJob(String key, String value, String expected) {
        assertThatThrownBy(() -> InitialModels.of(MODEL, "s3://m", Events.config(Map.of(key, value))))
                .isInstanceOf(ModelException.class)
                .hasMessageStartingWith("initial model s3://m: ")
                .hasMessageContaining(expected);
    }

    @Test
    void refusesAModelWithTrialsOfEachSample() throws IOException {
        String json = new String(ModelReader.json(MODEL.file()), StandardCharsets.UTF_8)
                .replaceFirst("\"options\" : \\{ *\\}", "\"options\" : {\"label\" : \"Y=binomial:@n\"}");
        Files.writeString(directory.resolve(ModelReader.MODEL), json);
        Files.write(directory.resolve("posterior.bin"), MODEL.posterior().toBytes());

        assertThatThrownBy(() -> InitialModels.load(Events.config(Map.of("initial-model", directory.toString()))))
                .isInstanceOf(ModelException.class)
                .hasMessageEndingWith(
                        "expected the same trials of every sample, got outcome Y=binomial:@COLUMN; trials of"
                                + " each sample are offline only");
    }

    @Test
    void refusesADirectoryWithoutModel() throws IOException {
        JobConfig config = Events.config(Map.of("initial-model", directory.toString()));
        assertThatThrownBy(() -> InitialModels.load(config))
                .isInstanceOf(ModelException.class)
                .hasMessage("expected a directory written by 'gmil fit', got " + directory + " without model.json");
        Files.write(directory.resolve(ModelReader.MODEL), ModelReader.json(MODEL.file()));
        assertThatThrownBy(() -> InitialModels.load(config))
                .hasMessageContaining("damaged model: expected a file, got none in " + directory + "/posterior.bin");
    }
}
