package io.gmil.model;

/**
 * E[y | η] per trial, integrated over η ~ N(etaMean, etaVariance), with its 90 % interval.
 *
 * @param mean of the posterior
 * @param lower 5 % quantile
 * @param upper 95 % quantile
 */
record MeanOutcome(double mean, double lower, double upper) {}
