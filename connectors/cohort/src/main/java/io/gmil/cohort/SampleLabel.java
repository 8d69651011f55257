package io.gmil.cohort;

/**
 * A known label of a sample.
 *
 * @param value 0/1, count of successes, class index or number, by the likelihood of its outcome
 * @param trials of a binomial label; 1 for others
 */
public record SampleLabel(double value, int trials) {}
