package io.gmil.stream;

import io.gmil.model.ModelSpec;
import io.gmil.model.Posterior;
import io.gmil.schema.Audit;
import io.gmil.schema.ErasureStage;
import io.gmil.schema.Prediction;
import io.gmil.schema.PredictionKind;
import io.gmil.schema.PredictionStatus;
import io.gmil.stream.state.StoredSite;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/** What must hold of every schedule when all of it has been taken in, by name. */
enum Invariants {
    OneArrivalPredictionPerRevision {
        @Override
        String violation(Simulation run) {
            Set<String> seen = new HashSet<>();
            for (Prediction prediction : run.arrivals()) {
                if (!seen.add(revision(prediction) + prediction.getOutcome())) {
                    return revision(prediction) + " has two committed arrival predictions";
                }
            }
            return null;
        }
    },

    EveryCompleteBagIsPredicted {
        @Override
        String violation(Simulation run) {
            Set<String> arrived = new HashSet<>();
            Set<String> whole = new HashSet<>();
            for (Prediction prediction : run.predictions.committed()) {
                String name = revision(prediction) + prediction.getOutcome();
                if (prediction.getKind() == PredictionKind.ARRIVAL) {
                    arrived.add(name);
                }
                if (prediction.getStatus() != PredictionStatus.PARTIAL
                        && prediction.getKind() != PredictionKind.FINAL) {
                    whole.add(name);
                }
            }
            for (TestBag bag : run.expected.complete()) {
                for (OutcomeConfig outcome : run.schedule.config.outcomes()) {
                    String name = ExpectedBags.revision(bag.sample(), bag.revision()) + outcome.name();
                    if (!arrived.contains(name) || !whole.contains(name)) {
                        return bag + " is complete but has no committed prediction of " + outcome.name();
                    }
                }
            }
            return null;
        }
    },

    PartOfABagIsPredictedWhenOverdue {
        @Override
        String violation(Simulation run) {
            for (Prediction prediction : run.predictions.committed()) {
                if (prediction.getStatus() == PredictionStatus.PARTIAL
                        && !run.expected.predictedInPart(prediction.getSampleId(), prediction.getRevision())) {
                    return revision(prediction) + " was predicted in part without being overdue";
                }
            }
            return null;
        }
    },

    OneFinalPerSampleAndCommand {
        @Override
        String violation(Simulation run) {
            Set<String> seen = new HashSet<>();
            for (Prediction prediction : run.predictions.committed()) {
                if (prediction.getKind() == PredictionKind.FINAL && !seen.add(told(prediction))) {
                    return told(prediction) + " is there twice";
                }
            }
            Set<String> expected = new TreeSet<>();
            for (TestBag bag : run.expected.complete()) {
                for (OutcomeConfig outcome : run.schedule.config.outcomes()) {
                    expected.add(told(bag.sample(), outcome.name(), Simulation.AT_LAST));
                }
            }
            Set<String> got = new TreeSet<>(seen);
            got.removeIf(each -> !each.endsWith(Simulation.AT_LAST));
            return got.equals(expected) ? null : "expected " + expected + ", got " + got;
        }

        private String told(Prediction prediction) {
            return told(prediction.getSampleId(), prediction.getOutcome(), prediction.getCommandId());
        }

        private String told(String sample, String outcome, String command) {
            return "final prediction of " + sample + " for " + outcome + " by command " + command;
        }
    },

    EveryRevisionHasOneAttentionSummary {
        @Override
        String violation(Simulation run) {
            List<String> predictions = run.predictions.committed().stream()
                    .map(each -> List.of(
                                    each.getSampleId(),
                                    each.getRevision(),
                                    each.getOutcome(),
                                    each.getKind().name(),
                                    each.getPosteriorGeneration(),
                                    each.getPosteriorVersion(),
                                    String.valueOf(each.getCommandId()))
                            .toString())
                    .toList();
            List<String> summaries = run.attention.committed().stream()
                    .map(each -> List.of(
                                    each.getSampleId(),
                                    each.getRevision(),
                                    each.getOutcome(),
                                    each.getKind().name(),
                                    each.getPosteriorGeneration(),
                                    each.getPosteriorVersion(),
                                    String.valueOf(each.getCommandId()))
                            .toString())
                    .toList();
            return difference("attention summaries", predictions, summaries);
        }
    },

    EveryRejectedBagHasOneDeadLetter {
        @Override
        String violation(Simulation run) {
            List<String> got = run.letters.committed().stream()
                    .map(letter -> letter.getSampleId() == null
                            ? ExpectedBags.place(letter.getTopic(), letter.getOffset())
                            : letter.getCause().substring(0, letter.getCause().indexOf(" (")))
                    .toList();
            return difference("dead letters", run.expected.letters(), got);
        }
    },

    OneReceiptPerStage {
        @Override
        String violation(Simulation run) {
            List<String> expected = run.schedule.erased == null
                    ? List.of()
                    : Stream.of(ErasureStage.PENDING, ErasureStage.COMPLETE)
                            .map(stage -> "e1 " + stage)
                            .toList();
            List<String> got = run.receipts.committed().stream()
                    .map(Audit::getReceipt)
                    .map(receipt -> receipt.getCommandId() + " " + receipt.getStage())
                    .toList();
            return difference("receipts", expected, got);
        }
    },

    NoLabelLearntTwice {
        @Override
        String violation(Simulation run, String outcome) {
            Map<String, Schedule.Known> expected = new TreeMap<>();
            for (TestBag bag : run.expected.complete()) {
                Schedule.Known label = run.schedule.label(bag, outcome);
                if (label != null) {
                    expected.put(bag.sample(), label);
                }
            }
            Map<String, Schedule.Known> learnt = new TreeMap<>();
            for (String sample : run.ledger(outcome).samples()) {
                StoredSite site = run.ledger(outcome).site(sample);
                learnt.put(sample, new Schedule.Known(site.getLabelRevision(), site.getOfPatient()));
            }
            return learnt.equals(expected) ? null : "expected sites of the labels " + expected + ", got " + learnt;
        }
    },

    SumOfSitesEqualsState {
        @Override
        String violation(Simulation run, String outcome) throws Exception {
            SiteLedger ledger = run.ledger(outcome);
            byte[] sums = run.sums(outcome);
            if (sums == null) {
                return ledger.samples().isEmpty() ? null : "no sums for " + ledger.samples();
            }
            ModelSpec spec = PosteriorCodec.spec(2, Events.WIDTH, run.schedule.config);
            Posterior summed = Posterior.fromBytes(sums, spec);
            Posterior rebuilt = Posterior.fromBytes(sums, spec);
            rebuilt.rebuild(ledger.sites());
            if (summed.labelledBags() != ledger.samples().size()) {
                return "expected " + ledger.samples().size() + " bags in the sums, got " + summed.labelledBags();
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

    EveryModelComesToRest {
        @Override
        String violation(Simulation run, String outcome) {
            return run.unrest(outcome);
        }
    },

    PosteriorVersionIncreases {
        @Override
        String violation(Simulation run, String outcome) {
            io.gmil.schema.Posterior before = null;
            for (io.gmil.schema.Posterior each : run.published) {
                if (!each.getOutcome().equals(outcome)) {
                    continue;
                }
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

    AuditChainHasNoGaps {
        @Override
        String violation(Simulation run, String outcome) {
            String last = AuditTrail.version(0, 0);
            for (Audit audit : run.audits.committed()) {
                if (!audit.getOutcome().equals(outcome)) {
                    continue;
                }
                String previous = AuditTrail.version(audit.getPreviousGeneration(), audit.getPreviousVersion());
                String version = AuditTrail.version(audit.getGeneration(), audit.getVersion());
                if (!previous.equals(last)) {
                    return "version " + version + " says that it follows " + previous + ", the record before is of "
                            + last;
                }
                last = version;
            }
            return null;
        }
    },

    EveryServedVersionIsAudited {
        @Override
        String violation(Simulation run) {
            AuditTrail trail = new AuditTrail(run.audits.committed());
            for (Prediction prediction : run.predictions.committed()) {
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
            AuditTrail trail = new AuditTrail(run.audits.committed());
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
            for (Prediction prediction : run.predictions.committed()) {
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
            List<Prediction> predictions = run.predictions.committed();
            for (int i = 0; i < predictions.size(); i++) {
                boolean after = run.predictions.committedAt(i) > run.schedule.erasedAt + 1;
                if (after && predictions.get(i).getPatientId().equals(patient)) {
                    return predictions.get(i).getSampleId() + " was predicted after its patient was erased";
                }
            }
            String held = run.savepoint();
            if (held.contains(patient)) {
                return patient + " stands in a savepoint";
            }
            for (TestBag bag : run.schedule.newest) {
                if (bag.patient().equals(patient) && held.contains(bag.sample())) {
                    return bag.sample() + " stands in a savepoint";
                }
            }
            return null;
        }
    };

    private static Set<String> learnt(AuditTrail trail, Prediction prediction) {
        return trail.learnt(
                prediction.getOutcome(), prediction.getPosteriorGeneration(), prediction.getPosteriorVersion());
    }

    private static String told(Prediction prediction) {
        return "%s of %s was predicted with version %s"
                .formatted(
                        prediction.getOutcome(),
                        revision(prediction),
                        AuditTrail.version(prediction.getPosteriorGeneration(), prediction.getPosteriorVersion()));
    }

    private static String revision(Prediction prediction) {
        return ExpectedBags.revision(prediction.getSampleId(), prediction.getRevision());
    }

    /** Compares in any order; null where there is no difference. */
    private static String difference(String what, List<String> expected, List<String> got) {
        List<String> missing = new ArrayList<>(expected);
        List<String> surplus = new ArrayList<>();
        for (String each : got) {
            if (!missing.remove(each)) {
                surplus.add(each);
            }
        }
        return missing.isEmpty() && surplus.isEmpty()
                ? null
                : what + " that are missing: " + missing + ", that are too many: " + surplus;
    }

    /** Relative. */
    private static final double TOLERANCE = 1e-9;

    /** What is wrong, or null. */
    String violation(Simulation run) throws Exception {
        for (OutcomeConfig outcome : run.schedule.config.outcomes()) {
            String violation = violation(run, outcome.name());
            if (violation != null) {
                return "outcome " + outcome.name() + ": " + violation;
            }
        }
        return null;
    }

    /** What is wrong with the model of an outcome, or null. */
    String violation(Simulation run, String outcome) throws Exception {
        return null;
    }
}
