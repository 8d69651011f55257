package io.gmil.cli.experiments;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Shape;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Rectangle2D;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.Locale;
import java.util.Map;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.axis.CategoryAxis;
import org.jfree.chart.axis.CategoryLabelPosition;
import org.jfree.chart.axis.CategoryLabelPositions;
import org.jfree.chart.axis.CategoryLabelWidthType;
import org.jfree.chart.axis.LogAxis;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.axis.NumberTickUnit;
import org.jfree.chart.axis.ValueAxis;
import org.jfree.chart.block.BlockBorder;
import org.jfree.chart.plot.CategoryPlot;
import org.jfree.chart.plot.PlotOrientation;
import org.jfree.chart.text.TextBlockAnchor;
import org.jfree.chart.title.LegendTitle;
import org.jfree.chart.ui.HorizontalAlignment;
import org.jfree.chart.ui.RectangleAnchor;
import org.jfree.chart.ui.RectangleInsets;
import org.jfree.chart.ui.TextAnchor;
import org.jfree.chart.util.ShapeUtils;

/** How plots look: white ground, few lines, colours by Okabe and Ito that colour-blind readers can tell apart. */
final class PlotStyle {

    static final BasicStroke LINE = new BasicStroke(2f, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND);
    static final BasicStroke DASHED =
            new BasicStroke(1.6f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 1f, new float[] {6f, 4f}, 0f);

    private static final Map<String, Color> COLOURS = Map.of(
            Contender.GMIL.title(), new Color(0x0072B2),
            Contender.MEAN_POOLING.title(), new Color(0xD55E00),
            Contender.MEAN_FIELD.title(), new Color(0x009E73),
            Contender.FIXED_EFFECTS.title(), new Color(0xCC79A7));
    private static final Color OTHER = new Color(0x333333);
    private static final Color TEXT = new Color(0x333333);
    private static final Color GRID = new Color(0xE3E3E3);
    private static final Font LABELS = new Font(Font.SANS_SERIF, Font.PLAIN, 12);
    private static final Font TITLE = new Font(Font.SANS_SERIF, Font.BOLD, 14);

    private PlotStyle() {}

    /** The same for a model in every plot. */
    static Color colour(String model) {
        return COLOURS.getOrDefault(model, OTHER);
    }

    /** A circle, a square, a diamond by turns. */
    static Shape shape(int series) {
        return switch (series % 3) {
            case 0 -> new Ellipse2D.Double(-4, -4, 8, 8);
            case 1 -> new Rectangle2D.Double(-3.5, -3.5, 7, 7);
            default -> ShapeUtils.createDiamond(4.5f);
        };
    }

    /** @param count of categories, whose labels share the width */
    static CategoryAxis categories(String label, int count) {
        CategoryAxis axis = new CategoryAxis(label);
        axis.setLabelFont(LABELS);
        axis.setTickLabelFont(LABELS);
        axis.setLabelPaint(TEXT);
        axis.setTickLabelPaint(TEXT);
        axis.setAxisLinePaint(TEXT);
        axis.setMaximumCategoryLabelLines(3);
        axis.setCategoryLabelPositions(
                CategoryLabelPositions.replaceBottomPosition(CategoryLabelPositions.STANDARD, below(count)));
        // Of the models of a setting each keeps its place, close to the others.
        axis.setCategoryMargin(0.8);
        return axis;
    }

    /** The narrow categories would cut their labels, so the width is a part of the other side of the plot. */
    private static CategoryLabelPosition below(int count) {
        return new CategoryLabelPosition(
                RectangleAnchor.TOP,
                TextBlockAnchor.TOP_CENTER,
                TextAnchor.TOP_CENTER,
                0,
                CategoryLabelWidthType.RANGE,
                Math.min(1f, 1.8f / count));
    }

    /** From the smallest to the largest value, with a margin. */
    static NumberAxis linear() {
        NumberAxis axis = new NumberAxis();
        axis.setAutoRangeIncludesZero(false);
        return axis;
    }

    /** Powers of ten that enclose these values. */
    static LogAxis logarithmic(double smallest, double largest) {
        LogAxis axis = new LogAxis();
        axis.setRange(Math.pow(10, Math.floor(Math.log10(smallest))), Math.pow(10, Math.ceil(Math.log10(largest))));
        axis.setTickUnit(new NumberTickUnit(1));
        axis.setNumberFormatOverride(new DecimalFormat("0.###", DecimalFormatSymbols.getInstance(Locale.ROOT)));
        return axis;
    }

    static JFreeChart styled(CategoryPlot plot, String title) {
        plot.setOrientation(PlotOrientation.VERTICAL);
        plot.setBackgroundPaint(Color.WHITE);
        plot.setOutlineVisible(false);
        ValueAxis values = plot.getRangeAxis();
        values.setTickLabelFont(LABELS);
        values.setTickLabelPaint(TEXT);
        values.setAxisLineVisible(false);
        values.setTickMarksVisible(false);
        plot.setRangeGridlinePaint(GRID);
        plot.setRangeGridlineStroke(new BasicStroke(1f));
        plot.setAxisOffset(RectangleInsets.ZERO_INSETS);
        JFreeChart chart = new JFreeChart(title, TITLE, plot, true);
        chart.setBackgroundPaint(Color.WHITE);
        chart.getTitle().setPaint(TEXT);
        chart.getTitle().setHorizontalAlignment(HorizontalAlignment.LEFT);
        chart.getTitle().setPadding(4, 8, 8, 0);
        chart.setPadding(new RectangleInsets(6, 6, 6, 12));
        LegendTitle legend = chart.getLegend();
        legend.setFrame(BlockBorder.NONE);
        legend.setItemFont(LABELS);
        legend.setItemPaint(TEXT);
        legend.setBackgroundPaint(Color.WHITE);
        return chart;
    }
}
