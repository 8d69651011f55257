package io.gmil.model;

/** The k largest of n weights by a bounded heap whose root is the one to be dropped next. */
final class LargestWeights {
    private final double[] weights;
    private final int[] heap;
    private int size;

    private LargestWeights(double[] weights, int k) {
        this.weights = weights;
        this.heap = new int[k];
    }

    /** Indices of the k largest of the first n weights, by falling weight, ties by index. */
    static int[] indices(double[] weights, int n, int k) {
        LargestWeights largest = new LargestWeights(weights, k);
        for (int i = 0; i < n && k > 0; i++) {
            largest.offer(i);
        }
        while (largest.size > 1) { // heap sort: the least of those left goes to the end
            int least = largest.heap[0];
            largest.heap[0] = largest.heap[--largest.size];
            largest.down(0);
            largest.heap[largest.size] = least;
        }
        return largest.heap;
    }

    private boolean below(int a, int b) {
        return weights[a] < weights[b] || (weights[a] == weights[b] && a > b);
    }

    private void offer(int index) {
        if (size < heap.length) {
            heap[size] = index;
            up(size++);
        } else if (below(heap[0], index)) {
            heap[0] = index;
            down(0);
        }
    }

    private void up(int start) {
        int at = start;
        while (at > 0 && below(heap[at], heap[(at - 1) / 2])) {
            swap(at, (at - 1) / 2);
            at = (at - 1) / 2;
        }
    }

    private void down(int start) {
        int at = start;
        while (2 * at + 1 < size) {
            int child = 2 * at + 1;
            if (child + 1 < size && below(heap[child + 1], heap[child])) {
                child++;
            }
            if (!below(heap[child], heap[at])) {
                return;
            }
            swap(at, child);
            at = child;
        }
    }

    private void swap(int a, int b) {
        int index = heap[a];
        heap[a] = heap[b];
        heap[b] = index;
    }
}
