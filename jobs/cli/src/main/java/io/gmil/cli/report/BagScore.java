package io.gmil.cli.report;

/**
 * What a model says of one bag.
 *
 * @param probability of a trial's success
 * @param randomEffect the bag effect
 */
public record BagScore(double probability, double randomEffect) {}
