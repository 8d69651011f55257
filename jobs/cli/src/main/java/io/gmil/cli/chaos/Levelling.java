package io.gmil.cli.chaos;

import java.util.ArrayList;
import java.util.List;

/**
 * Whether something that was measured all along a run has stopped growing: its mean in the last quarter of the bags is at
 * most {@value #RATIO} times that in the second quarter, and a constant for what is rounded off. The first quarter does not
 * count, in which the population fills.
 */
final class Levelling {

    static final double RATIO = 1.15;

    private final String name;
    private final double slack;
    private final int bags;
    private final List<Point> points = new ArrayList<>();

    private record Point(int bag, double value) {}

    /**
     * @param slack in the unit of the values
     * @param bags of the whole run
     */
    Levelling(String name, double slack, int bags) {
        this.name = name;
        this.slack = slack;
        this.bags = bags;
    }

    String name() {
        return name;
    }

    /** @param bag bags that were sent before it was measured */
    void add(int bag, double value) {
        points.add(new Point(bag, value));
    }

    /** Mean of the second quarter; NaN where nothing was measured. */
    double second() {
        return mean(bags / 4, bags / 2);
    }

    /** Mean of the last quarter; NaN where nothing was measured. */
    double last() {
        return mean(bags - bags / 4, bags);
    }

    private double mean(int from, int to) {
        return points.stream()
                .filter(point -> point.bag() > from && point.bag() <= to)
                .mapToDouble(Point::value)
                .average()
                .orElse(Double.NaN);
    }

    double most() {
        return RATIO * second() + slack;
    }

    boolean level() {
        return last() <= most();
    }
}
