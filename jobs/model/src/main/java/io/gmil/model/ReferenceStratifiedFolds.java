package io.gmil.model;

import java.util.Arrays;

/**
 * Test folds that keep the class proportions, in the order of the rows, as scikit-learn's {@code StratifiedKFold} deals
 * them without shuffling: classes are numbered by first appearance, the sorted labels are dealt to the folds in turn to
 * decide how many of each class a fold gets, and each class fills the folds one after the other.
 */
final class ReferenceStratifiedFolds {
    private ReferenceStratifiedFolds() {}

    /** The fold of each row. */
    static int[] assign(int[] labels, int classes, int folds) {
        int[] order = byFirstAppearance(labels, classes);
        int[] sizes = new int[classes];
        for (int label : labels) {
            sizes[order[label]]++;
        }
        int[][] allocation = new int[classes][folds];
        int position = 0;
        for (int c = 0; c < classes; c++) {
            for (int i = 0; i < sizes[c]; i++) {
                allocation[c][position++ % folds]++;
            }
        }
        int[] current = new int[classes];
        int[] fold = new int[labels.length];
        for (int i = 0; i < labels.length; i++) {
            int c = order[labels[i]];
            while (allocation[c][current[c]] == 0) {
                current[c]++;
            }
            allocation[c][current[c]]--;
            fold[i] = current[c];
        }
        return fold;
    }

    private static int[] byFirstAppearance(int[] labels, int classes) {
        int[] order = new int[classes];
        Arrays.fill(order, -1);
        int next = 0;
        for (int label : labels) {
            if (order[label] < 0) {
                order[label] = next++;
            }
        }
        return order;
    }
}
