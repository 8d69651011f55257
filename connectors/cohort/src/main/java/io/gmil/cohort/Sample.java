package io.gmil.cohort;

import java.util.OptionalDouble;

/**
 * One sample of a cohort, without its cells.
 *
 * @param id sample pseudonym
 * @param patientId patient pseudonym; the sample's own id where the cohort names no patient
 * @param cells number of cells, at least 1
 * @param label 0/1, count of successes, class index or number, by the likelihood; empty where unknown
 * @param covariates raw values (K - 1), without the intercept
 * @param training whether the label may be learnt; false: predicted only, the label serves the closing figures
 * @param trueEffect known bag effect of a simulation
 */
@SuppressWarnings("ArrayRecordComponent") // a sample is a carrier, never compared or a key
public record Sample(
        String id,
        String patientId,
        int cells,
        OptionalDouble label,
        double[] covariates,
        boolean training,
        OptionalDouble trueEffect) {}
