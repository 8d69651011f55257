package io.gmil.cli.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ClosingTableTest {

    @Test
    void setsBothModelsSideBySide() {
        Summary summary = new Summary(
                1200,
                1000,
                200,
                60_000,
                412,
                21.44,
                new Summary.Prequential(0.65, 0.6, 0.2),
                new Figures(0.7, 0.58, 0.19, 0.8125, 0.9411),
                new Figures(0.66, 0.6, 0.2, 0.5674, 0.5));

        assertThat(new ClosingTable(summary).text().lines())
                .contains(
                        "                          GMIL   mean pooling",
                        "test AUC                 0.700          0.660   on 200 bags that were never learnt",
                        "rho of bag effect        0.813          0.567   rank correlation with the true effects",
                        "1200 bags (1000 learnt, 200 test), 60000 cells in 21.4 s; posterior version 412");
    }

    @Test
    void whatIsUnknownIsLeftOut() {
        Figures unknown = new Figures(null, null, null, null, null);
        Summary summary = new Summary(10, 10, 0, 100, 4, 1, new Summary.Prequential(0.5, 0.7, 0.25), unknown, unknown);

        assertThat(new ClosingTable(summary).text().lines())
                .containsExactly(
                        "",
                        "                          GMIL   mean pooling",
                        "prequential AUC          0.500                  each training bag predicted before it was learnt",
                        "prequential log loss     0.700",
                        "",
                        "10 bags (10 learnt, 0 test), 100 cells in 1.0 s; posterior version 4");
    }
}
