package io.gmil.stream;

import java.util.ArrayList;
import java.util.List;

/** A topic that is written in transactions: what was put out since the last checkpoint is lost in a crash. */
final class Sink<T> {

    private final List<T> committed = new ArrayList<>();
    private final List<Integer> committedAt = new ArrayList<>();
    private final List<T> open = new ArrayList<>();
    private final List<Integer> openAt = new ArrayList<>();

    /** @param read how much of the log had been read */
    void put(List<T> some, int read) {
        for (T each : some) {
            open.add(each);
            openAt.add(read);
        }
    }

    void commit() {
        committed.addAll(open);
        committedAt.addAll(openAt);
        abandon();
    }

    void abandon() {
        open.clear();
        openAt.clear();
    }

    List<T> committed() {
        return committed;
    }

    /** How much of the log had been read when a committed record was put out. */
    int committedAt(int index) {
        return committedAt.get(index);
    }
}
