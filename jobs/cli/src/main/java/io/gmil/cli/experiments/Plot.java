package io.gmil.cli.experiments;

import io.gmil.cli.evaluate.Spread;
import java.awt.BasicStroke;
import java.awt.Color;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.axis.LogAxis;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.plot.CategoryPlot;
import org.jfree.chart.plot.DatasetRenderingOrder;
import org.jfree.chart.plot.IntervalMarker;
import org.jfree.chart.renderer.category.LineAndShapeRenderer;
import org.jfree.chart.renderer.category.StatisticalLineAndShapeRenderer;
import org.jfree.chart.ui.Layer;
import org.jfree.data.category.DefaultCategoryDataset;
import org.jfree.data.statistics.DefaultStatisticalCategoryDataset;

/** One figure of an experiment: settings across, models as lines with their standard deviation, the authors' dashed. */
final class Plot {

    private static final Color AIMED_AT = new Color(0xEAF3EC);

    private final Result result;
    private final Figure figure;
    private final Authors authors;
    private final List<String> models;

    Plot(Result result, Figure figure, Authors authors) {
        this.result = result;
        this.figure = figure;
        this.authors = authors;
        this.models = Measured.models(result.fits());
    }

    /** Beside the page. */
    static String file(ExperimentName name, Figure figure) {
        return name + "-" + figure.key() + ".svg";
    }

    /** For painting. */
    JFreeChart chart() {
        int settings = Measured.settings(result.fits()).size();
        CategoryPlot plot = new CategoryPlot(
                measured(), PlotStyle.categories(result.experiment().variable(), settings), null, renderer());
        plot.setDataset(1, published());
        plot.setRenderer(1, dashed());
        plot.setDatasetRenderingOrder(DatasetRenderingOrder.REVERSE);
        plot.setRangeAxis(figure == Figure.SECONDS ? decades() : PlotStyle.linear());
        if (Double.isFinite(figure.aimedFrom())) {
            plot.addRangeMarker(new IntervalMarker(figure.aimedFrom(), figure.aimedTo(), AIMED_AT), Layer.BACKGROUND);
        }
        if (plot.getRangeAxis() instanceof NumberAxis axis) {
            frame(axis);
        }
        return PlotStyle.styled(plot, figure.title());
    }

    private LogAxis decades() {
        DoubleSummaryStatistics seconds =
                result.fits().stream().mapToDouble(fit -> fit.figure(figure)).summaryStatistics();
        return PlotStyle.logarithmic(Math.max(1e-3, seconds.getMin()), Math.max(1e-2, seconds.getMax()));
    }

    /** What is aimed at is seen, and error bars do not stretch the axis to where no value can be. */
    private void frame(NumberAxis axis) {
        double lower = axis.getLowerBound();
        double upper = Math.min(axis.getUpperBound(), figure.most());
        if (Double.isFinite(figure.aimedFrom())) {
            double margin = 0.2 * (figure.aimedTo() - figure.aimedFrom());
            lower = Math.min(lower, figure.aimedFrom() - margin);
            upper = Math.max(upper, figure.aimedTo() + margin);
        }
        axis.setRange(lower, upper);
    }

    private DefaultStatisticalCategoryDataset measured() {
        DefaultStatisticalCategoryDataset dataset = new DefaultStatisticalCategoryDataset();
        for (String model : models) {
            for (String setting : Measured.settings(result.fits())) {
                Spread spread = Measured.spread(result.fits(), setting, model, figure);
                if (spread.mean() != null) {
                    dataset.add(spread.mean(), figure == Figure.SECONDS ? null : spread.sd(), model, setting);
                }
            }
        }
        return dataset;
    }

    /** A level across all settings where these are alike. */
    private DefaultCategoryDataset published() {
        DefaultCategoryDataset dataset = new DefaultCategoryDataset();
        for (String model : models) {
            for (String setting : Measured.settings(result.fits())) {
                String of = result.experiment().alike() ? Measured.ALL : setting;
                Spread known = result.scale().quick() ? null : authors.figure(result.name(), of, model, figure);
                if (known != null) {
                    dataset.addValue(known.mean(), model + ", authors", setting);
                }
            }
        }
        return dataset;
    }

    private StatisticalLineAndShapeRenderer renderer() {
        boolean lines = result.experiment().ordered();
        StatisticalLineAndShapeRenderer renderer = new StatisticalLineAndShapeRenderer(lines, true);
        renderer.setUseSeriesOffset(true);
        renderer.setItemMargin(0);
        renderer.setErrorIndicatorStroke(new BasicStroke(1.2f));
        for (int series = 0; series < models.size(); series++) {
            renderer.setSeriesPaint(series, PlotStyle.colour(models.get(series)));
            renderer.setSeriesStroke(series, PlotStyle.LINE);
            renderer.setSeriesShape(series, PlotStyle.shape(series));
        }
        return renderer;
    }

    private LineAndShapeRenderer dashed() {
        boolean markers = !result.experiment().alike();
        LineAndShapeRenderer renderer = new LineAndShapeRenderer(true, markers);
        int series = 0;
        for (Object key : published().getRowKeys()) {
            String model = key.toString().replace(", authors", "");
            renderer.setSeriesPaint(series, PlotStyle.colour(model));
            renderer.setSeriesStroke(series, PlotStyle.DASHED);
            renderer.setSeriesShape(series, PlotStyle.shape(models.indexOf(model)));
            renderer.setSeriesShapesFilled(series, false);
            series++;
        }
        return renderer;
    }
}
