package io.gmil.stream;

import io.gmil.model.ModelSpec;
import io.gmil.model.Posterior;
import io.gmil.schema.Prediction;
import io.gmil.stream.state.StoredSite;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What must hold of every schedule when all of it has been taken in, by name. */
enum Invariants {
    OneArrivalPredictionPerRevision {
        @Override
        String violation(Simulation run) {
            Set<String> seen = new HashSet<>();
            for (Prediction prediction : run.arrivals()) {
                String revision = prediction.getSampleId() + " revision " + prediction.getRevision();
                if (!seen.add(revision)) {
                    return revision + " has two committed arrival predictions";
                }
            }
            return null;
        }
    },

    EveryCompleteBagIsPredicted {
        @Override
        String violation(Simulation run) {
            Set<String> predicted = run.arrivals().stream()
                    .map(prediction -> prediction.getSampleId() + prediction.getRevision())
                    .collect(Collectors.toSet());
            for (TestBag bag : run.schedule.newest) {
                boolean erased = bag.patient().equals(run.schedule.erased);
                if (!erased && !predicted.contains(bag.sample() + bag.revision())) {
                    return bag + " is complete but has no committed arrival prediction";
                }
            }
            return null;
        }
    },

    NoLabelLearntTwice {
        @Override
        String violation(Simulation run) {
            Map<String, Schedule.Known> expected = new TreeMap<>();
            for (TestBag bag : run.schedule.newest) {
                Schedule.Known label = run.schedule.label(bag);
                if (label != null && !bag.patient().equals(run.schedule.erased)) {
                    expected.put(bag.sample(), label);
                }
            }
            Map<String, Schedule.Known> learnt = new TreeMap<>();
            for (String sample : run.ledger.samples()) {
                StoredSite site = run.ledger.site(sample);
                learnt.put(sample, new Schedule.Known(site.getLabelRevision(), site.getOfPatient()));
            }
            return learnt.equals(expected) ? null : "expected sites of the labels " + expected + ", got " + learnt;
        }
    },

    SumOfSitesEqualsState {
        @Override
        String violation(Simulation run) throws Exception {
            byte[] sums = run.sums();
            if (sums == null) {
                return run.ledger.samples().isEmpty() ? null : "no sums for " + run.ledger.samples();
            }
            ModelSpec spec = PosteriorCodec.spec(2, Events.WIDTH, Simulation.CONFIG);
            Posterior summed = Posterior.fromBytes(sums, spec);
            Posterior rebuilt = Posterior.fromBytes(sums, spec);
            rebuilt.rebuild(run.ledger.sites());
            if (summed.labelledBags() != run.ledger.samples().size()) {
                return "expected " + run.ledger.samples().size() + " bags in the sums, got " + summed.labelledBags();
            }
            summed.step();
            rebuilt.step();
            double[] expected = rebuilt.snapshot(0, 0).mean();
            double[] got = summed.snapshot(0, 0).mean();
            double scale =
                    Math.max(1, Arrays.stream(expected).map(Math::abs).max().orElseThrow());
            for (int i = 0; i < got.length; i++) {
                if (!(Math.abs(got[i] - expected[i]) <= TOLERANCE * scale)) {
                    return "mean %d after a step: expected %s from the sites, got %s from the sums"
                            .formatted(i, expected[i], got[i]);
                }
            }
            return null;
        }
    },

    PosteriorVersionIncreases {
        @Override
        String violation(Simulation run) {
            io.gmil.schema.Posterior before = null;
            for (io.gmil.schema.Posterior each : run.published) {
                if (before != null
                        && (each.getGeneration() < before.getGeneration()
                                || each.getGeneration() == before.getGeneration()
                                        && each.getVersion() <= before.getVersion())) {
                    return "version %d.%d was published after %d.%d"
                            .formatted(
                                    each.getGeneration(),
                                    each.getVersion(),
                                    before.getGeneration(),
                                    before.getVersion());
                }
                before = each;
            }
            return null;
        }
    },

    EveryServedVersionIsAudited {
        @Override
        String violation(Simulation run) {
            AuditTrail trail = new AuditTrail(run.audits);
            for (Prediction prediction : run.committed) {
                if (learnt(trail, prediction) == null) {
                    return told(prediction) + ", of which no audit record tells";
                }
            }
            return null;
        }
    },

    NoArrivalKnowsItsLabel {
        @Override
        String violation(Simulation run) {
            AuditTrail trail = new AuditTrail(run.audits);
            for (Prediction prediction : run.arrivals()) {
                boolean erased = prediction.getPatientId().equals(run.schedule.erased);
                String bag = AuditTrail.bag(prediction.getSampleId(), prediction.getRevision());
                if (!erased && learnt(trail, prediction).contains(bag)) {
                    return told(prediction) + ", which had learnt its label";
                }
            }
            return null;
        }
    },

    OneScaler {
        @Override
        String violation(Simulation run) {
            String first = run.scalers.get(0).getScalerId();
            String last = run.scalers.get(run.scalers.size() - 1).getScalerId();
            if (!last.equals(first)) {
                return "the topic began with scaler " + first + " and keeps " + last;
            }
            for (Prediction prediction : run.committed) {
                if (!prediction.getScalerId().equals(first)) {
                    return prediction.getSampleId() + " was predicted with scaler " + prediction.getScalerId()
                            + ", the topic keeps " + first;
                }
            }
            return null;
        }
    },

    NothingOfAnErasedPatient {
        @Override
        String violation(Simulation run) throws Exception {
            String patient = run.schedule.erased;
            if (patient == null) {
                return null;
            }
            for (int i = 0; i < run.committed.size(); i++) {
                boolean after = run.committedAt.get(i) > run.schedule.erasedAt + 1;
                if (after && run.committed.get(i).getPatientId().equals(patient)) {
                    return run.committed.get(i).getSampleId() + " was predicted after its patient was erased";
                }
            }
            if (run.holds(patient)) {
                return patient + " stands in a savepoint";
            }
            for (TestBag bag : run.schedule.newest) {
                if (bag.patient().equals(patient) && run.holds(bag.sample())) {
                    return bag.sample() + " stands in a savepoint";
                }
            }
            return null;
        }
    };

    private static Set<String> learnt(AuditTrail trail, Prediction prediction) {
        return trail.learnt(prediction.getPosteriorGeneration(), prediction.getPosteriorVersion());
    }

    private static String told(Prediction prediction) {
        return "%s revision %d was predicted with version %s"
                .formatted(
                        prediction.getSampleId(),
                        prediction.getRevision(),
                        AuditTrail.version(prediction.getPosteriorGeneration(), prediction.getPosteriorVersion()));
    }

    /** Relative. */
    private static final double TOLERANCE = 1e-9;

    /** What is wrong, or null. */
    abstract String violation(Simulation run) throws Exception;
}
