package io.gmil.cohort;

import java.util.OptionalDouble;

/** A column of {@code obs}, read in blocks as rows are asked for in ascending order. */
interface ObsColumn {

    /** Value of a row (from 0) as text, or null where it is missing. */
    String text(int row);

    /** Value of a row as a number; empty where it is missing or not a number. */
    default OptionalDouble number(int row) {
        String text = text(row);
        return text == null ? OptionalDouble.empty() : SampleColumn.number(text);
    }

    /** Numbers, booleans and strings as they are stored. */
    final class Plain implements ObsColumn {

        private final ColumnBlock block;
        private String lastText;
        private double lastNumber = Double.NaN;

        Plain(ColumnBlock block) {
            this.block = block;
        }

        @Override
        public String text(int row) {
            Object stored = block.get(row);
            if (stored instanceof Double || stored instanceof Float) {
                return text(((Number) stored).doubleValue());
            }
            if (stored instanceof Boolean flag) {
                return flag ? "True" : "False";
            }
            return stored == null ? null : stored.toString();
        }

        @Override
        public OptionalDouble number(int row) {
            if (block.get(row) instanceof Number stored) {
                double value = stored.doubleValue();
                return Double.isNaN(value) ? OptionalDouble.empty() : OptionalDouble.of(value);
            }
            return ObsColumn.super.number(row);
        }

        /** The same String for the same number: per-sample values repeat on every cell. */
        private String text(double value) {
            if (value != lastNumber) {
                lastNumber = value;
                boolean whole = value == Math.rint(value) && Math.abs(value) < 1e15;
                lastText = whole ? Long.toString((long) value) : Double.toString(value);
            }
            return Double.isNaN(value) ? null : lastText;
        }
    }

    /** Codes into a list of categories; -1 is a missing value. */
    final class Categorical implements ObsColumn {

        private final ColumnBlock codes;
        private final String[] categories;
        private final String place;

        Categorical(String place, ColumnBlock codes, String[] categories) {
            this.place = place;
            this.codes = codes;
            this.categories = categories;
        }

        @Override
        public String text(int row) {
            int code = codes.get(row) instanceof Number number ? number.intValue() : Integer.MAX_VALUE;
            if (code >= categories.length) {
                throw new CohortException("row " + row + " (from 0) of " + place + " has category " + code
                        + "; expected one below " + categories.length);
            }
            return code < 0 ? null : categories[code];
        }
    }

    /** Values with a mask that is true where they are missing. */
    record Nullable(ObsColumn values, ObsColumn mask) implements ObsColumn {

        @Override
        public String text(int row) {
            return mask.number(row).orElse(0) != 0 ? null : values.text(row);
        }
    }
}
