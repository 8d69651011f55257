package io.gmil.stream.bags;

import io.gmil.model.BagPrediction;
import io.gmil.model.FeatureMoments;
import io.gmil.schema.CellChunk;
import io.gmil.schema.DeadLetter;
import io.gmil.schema.Label;
import io.gmil.schema.PredictionKind;
import io.gmil.schema.SampleManifest;
import io.gmil.stream.Bytes;
import io.gmil.stream.JobConfig;
import io.gmil.stream.ModelIds;
import io.gmil.stream.OutcomeConfig;
import io.gmil.stream.Sites;
import io.gmil.stream.bags.Assembly.Verdict;
import io.gmil.stream.state.Bag;
import io.gmil.stream.state.BagEvent;
import io.gmil.stream.state.Erasure;
import io.gmil.stream.state.LearnerOrder;
import io.gmil.stream.state.LearnerOrderKind;
import io.gmil.stream.state.ModelId;
import io.gmil.stream.state.OutcomeState;
import io.gmil.stream.state.Patient;
import io.gmil.stream.state.ScalerInput;
import io.gmil.stream.state.ScoredBag;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** The bags of a shard: assembles them, predicts each once when it is complete, and learns those with a label. */
final class BagBook {

    private final JobConfig config;
    private final BagStore store;
    private final ModelCatalog catalog;
    private final Scoring scoring;
    private final SiteBook sites;
    private final Pauses pauses;
    private final LearntBefore learntBefore;
    private final PatientStore patients;
    private final Revisions revisions;
    private final BagTerms terms;
    private final BagMeansBook bagMeans;
    private final Emitter emitter;
    private final ChunkBuffer buffer;
    private final WaitingBags waiting;

    private long completed;
    private long labelsAlreadyLearnt;

    BagBook(
            JobConfig config,
            BagStore store,
            ModelCatalog catalog,
            Scoring scoring,
            SiteBook sites,
            Pauses pauses,
            LearntBefore learntBefore,
            PatientStore patients,
            BagTerms terms,
            Emitter emitter,
            ChunkBuffer buffer) {
        this.config = config;
        this.store = store;
        this.catalog = catalog;
        this.scoring = scoring;
        this.sites = sites;
        this.pauses = pauses;
        this.learntBefore = learntBefore;
        this.patients = patients;
        this.terms = terms;
        this.waiting = new WaitingBags(store, catalog);
        this.revisions = new Revisions(config, store, catalog, scoring, sites);
        this.bagMeans = new BagMeansBook(store, catalog, emitter, buffer);
        this.emitter = emitter;
        this.buffer = buffer;
    }

    /** Bags this subtask has completed since it started. */
    long completed() {
        return completed;
    }

    /** Labels this subtask was sent of samples that the saved model it began with has learnt. */
    long labelsAlreadyLearnt() {
        return labelsAlreadyLearnt;
    }

    /** Complete bags that wait for the scaler of their embedding. */
    long waitingForScaler() {
        return waiting.total();
    }

    void accept(int shard, CellChunk chunk, BagEvent event) throws RejectedRecord {
        Bag known = store.bag(chunk.getSampleId());
        Bag bag = Assembly.begins(known, chunk.getRevision()) ? Assembly.start(chunk) : known;
        checkPatient(known, bag, event);
        if (terms.refuses(bag)) {
            return;
        }
        checkWidth(bag, chunk.getWidth(), event);
        Verdict verdict = Assembly.accept(bag, chunk);
        if (accepted(verdict, bag, event)) {
            begin(shard, known, bag, event);
            if (terms.admit(shard, bag, event)) {
                store.putChunk(bag, chunk.getChunkIndex(), Bytes.array(chunk.getValues()), Annotations.encode(chunk));
                store.put(bag);
                completeIfGathered(shard, bag, event);
            }
        }
    }

    void accept(int shard, SampleManifest manifest, BagEvent event) throws RejectedRecord {
        Bag known = store.bag(manifest.getSampleId());
        Bag bag = Assembly.begins(known, manifest.getRevision()) ? Assembly.start(manifest) : known;
        checkPatient(known, bag, event);
        if (terms.refuses(bag)) {
            return;
        }
        checkWidth(bag, manifest.getWidth(), event);
        Verdict verdict = Assembly.accept(bag, manifest);
        if (accepted(verdict, bag, event)) {
            begin(shard, known, bag, event);
            if (terms.admit(shard, bag, event)) {
                store.put(bag);
                completeIfGathered(shard, bag, event);
            }
        }
    }

    /** A sample stays with its patient: what was learnt and who may have it erased depend on that. */
    private static void checkPatient(Bag known, Bag bag, BagEvent event) throws RejectedRecord {
        if (known != null && !known.getPatientId().equals(bag.getPatientId())) {
            throw new RejectedRecord(
                    bag.getSampleId(),
                    "patient of sample '%s' revision %d (%s): expected '%s' as of revision %d, got '%s'",
                    bag.getSampleId(),
                    bag.getRevision(),
                    Records.place(event),
                    known.getPatientId(),
                    known.getRevision(),
                    bag.getPatientId());
        }
    }

    private void checkWidth(Bag bag, int width, BagEvent event) throws RejectedRecord {
        EmbeddingScaler scaler = catalog.scaler(bag);
        if (scaler != null && scaler.features().width() != width) {
            throw new RejectedRecord(
                    bag.getSampleId(),
                    "embedding width %d of sample '%s' (%s) differs from model width %d",
                    width,
                    bag.getSampleId(),
                    Records.place(event),
                    scaler.features().width());
        }
    }

    private static boolean accepted(Verdict verdict, Bag bag, BagEvent event) throws RejectedRecord {
        if (verdict.outcome() == Assembly.Outcome.REJECTED) {
            throw new RejectedRecord(bag.getSampleId(), "%s (%s)", verdict.cause(), Records.place(event));
        }
        return verdict.outcome() == Assembly.Outcome.ACCEPTED;
    }

    /** The first record of a sample or of a revision; others change nothing here. */
    private void begin(int shard, Bag known, Bag bag, BagEvent event) {
        if (known == null) {
            terms.begins(bag, event);
            patients.know(bag.getPatientId(), bag.getSampleId());
        } else if (known.getRevision() != bag.getRevision()) {
            replace(shard, known);
        }
    }

    /** A new revision takes the place of the old bag: its cells and its sites go. */
    private void replace(int shard, Bag old) {
        for (OutcomeConfig outcome : store.outcomes()) {
            replace(shard, old, outcome);
        }
        bagMeans.withdraw(old);
        stopWaiting(shard, old);
        store.dropChunks(old);
        terms.remove(shard, old.getSampleId());
    }

    /** Its figures are to be those of the new revision, unless the bag has been judged already. */
    private void replace(int shard, Bag old, OutcomeConfig outcome) {
        OutcomeState state = store.outcome(old.getSampleId(), outcome.name());
        ActiveModel model = catalog.model(old, outcome);
        boolean learnt = model != null && sites.forget(shard, old, model, null);
        if (!state.getPredicted()) {
            return;
        }
        if (learnt) {
            state.setUnlearnt(Revisions.unlearnt(model));
        }
        if (!state.getScored()) {
            state.setPredicted(false);
            state.setArrivalProbability(0);
            state.setArrivalShift(null);
        }
        state.setLinearisation(null);
        store.putOutcome(old.getSampleId(), outcome.name(), state);
    }

    private void completeIfGathered(int shard, Bag bag, BagEvent event) {
        if (bag.getComplete() || !Assembly.gathered(bag)) {
            return;
        }
        terms.gathered(shard, bag);
        bag.setTopic(event.getTopic());
        bag.setPartition(event.getPartition());
        bag.setOffset(event.getOffset());
        bag.setCompletedAt(event.getTimestamp());
        String contradiction = Assembly.contradiction(bag);
        if (contradiction != null) {
            discard(shard, bag, contradiction);
            return;
        }
        bag.setComplete(true);
        store.put(bag);
        completed++;
        if (catalog.scaler(bag) == null) {
            waiting.add(shard, bag);
            terms.waits(shard, bag);
            if (emitter.learning()) {
                emitter.moments(moments(bag));
            }
        } else {
            arrive(shard, bag);
        }
    }

    /** Whether bags of the shard wait for their scaler, as far as is known without looking. */
    boolean waiting(int shard) {
        return waiting.any(shard);
    }

    /** Predicts and learns the bags that waited for a scaler that has come. */
    void resume(int shard) {
        for (Bag bag : waiting.scaled(shard)) {
            terms.scaled(shard, bag);
            arrive(shard, bag);
        }
    }

    private void arrive(int shard, Bag bag) {
        int width = catalog.scaler(bag).features().width();
        if (bag.getWidth() != width) {
            discard(
                    shard,
                    bag,
                    "embedding width %d of sample '%s' differs from model width %d"
                            .formatted(bag.getWidth(), bag.getSampleId(), width));
            return;
        }
        terms.draw(bag);
        // One ARRIVAL a revision: a bag that was predicted in part has had it.
        PredictionKind kind = bag.getPartial() ? PredictionKind.REVISED : PredictionKind.ARRIVAL;
        Scored scored = null;
        for (OutcomeConfig outcome : config.outcomes()) {
            OutcomeState state = store.outcome(bag.getSampleId(), outcome.name());
            scored = predict(shard, bag, catalog.model(bag, outcome), state, kind);
        }
        bag.setPredicted(true);
        bagMeans.count(bag, scored);
        terms.predicted(shard, bag);
        store.put(bag);
    }

    /** Predicts an outcome of a bag, and learns it if it has a label. */
    private Scored predict(int shard, Bag bag, ActiveModel model, OutcomeState state, PredictionKind kind) {
        state.setLearntBefore(learntBefore.holds(model.key(), bag, store));
        boolean inTraining = state.getLearntBefore() || Revisions.stillLearnt(model, state);
        Scored scored = scoring.score(bag, model, kind, config.topK(), inTraining, null);
        state.setUnlearnt(null);
        BagPrediction result = scored.prediction();
        if (!state.getPredicted()) {
            state.setPredicted(true);
            state.setArrivalProbability(result.probability());
            state.setArrivalShift(scored.meanShift());
        }
        if (state.getLearntBefore()) {
            refuseIfLabelled(shard, bag, model, state);
        } else {
            if (emitter.learning()) {
                state.setLinearisation(Sites.stored(result.linearisation(), model.key(), model.served()));
            }
            learnIfLabelled(shard, bag, model, state);
        }
        return scored;
    }

    /** Always after the prediction: a label never reaches a prediction that is to be judged by it. */
    private void learnIfLabelled(int shard, Bag bag, ActiveModel model, OutcomeState state) {
        OutcomeState label = store.label(bag, model.outcome().name(), state);
        if (label.getLabelled()) {
            judge(bag, model, state, label);
            sites.learn(shard, bag, model, label);
            state.setLinearisation(null);
        }
        store.putOutcome(bag.getSampleId(), model.outcome().name(), state);
    }

    /** A patient counts once in the figures, by the first of the samples that has both prediction and label. */
    private void judge(Bag bag, ActiveModel model, OutcomeState state, OutcomeState label) {
        if (state.getScored()) {
            return;
        }
        state.setScored(true);
        Patient patient = patients.patient(bag.getPatientId());
        if (!patient.getScored().contains(model.outcome().name())) {
            patient.getScored().add(model.outcome().name());
            patients.put(bag.getPatientId(), patient);
            emitter.scored(new ScoredBag(
                    model.key(),
                    bag.getStudy(),
                    model.outcome().name(),
                    bag.getEmbedding(),
                    bag.getEmbeddingVersion(),
                    state.getArrivalProbability(),
                    label.getValue(),
                    label.getTrials(),
                    Math.max(0, label.getLabelArrivedAt() - bag.getCompletedAt()),
                    state.getArrivalShift()));
        }
    }

    /** Its label is part of the posterior from the start: neither is it added, nor does it judge the prediction. */
    private void refuseIfLabelled(int shard, Bag bag, ActiveModel model, OutcomeState state) {
        OutcomeState label = store.label(bag, model.outcome().name(), state);
        if (label.getLabelled()) {
            labelsAlreadyLearnt++;
            sites.alreadyLearnt(shard, bag, model, label);
        }
        state.setLinearisation(null);
        store.putOutcome(bag.getSampleId(), model.outcome().name(), state);
    }

    /** Refuses a label of a sample whose cells were dropped; retracting what was known is no harm. */
    void checkHeld(Label label, BagEvent event) throws RejectedRecord {
        Bag bag = store.bag(label.getSampleId());
        if (bag != null && !label.getRetracted()) {
            terms.checkHeld(bag, label.getOutcome(), event);
        }
    }

    /** The patient a sample is known to be of by its cells, else by the label there is of it; null where it is not known. */
    String patient(String sample, OutcomeState label) {
        Bag bag = store.bag(sample);
        if (bag != null) {
            return bag.getPatientId();
        }
        return label.getPatientId().isEmpty() ? null : label.getPatientId();
    }

    /**
     * The label of a sample has come or changed.
     *
     * @param now in ms
     */
    void labelled(int shard, String patient, String sample, OutcomeConfig outcome, OutcomeState state, long now) {
        Bag bag = store.bag(sample);
        if (bag == null) {
            patients.know(patient, sample);
            terms.labelledEarly(shard, sample);
        }
        if (bag == null || !bag.getPredicted()) {
            store.putOutcome(sample, outcome.name(), state);
        } else {
            relearn(shard, bag, outcome, state, now);
            terms.labelled(shard, bag);
        }
    }

    /** The label of a patient has come or changed: it holds for the samples that have none of their own. */
    void patientLabelled(int shard, String patient, OutcomeConfig outcome, OutcomeState label, long now) {
        store.putPatientLabel(patient, outcome.name(), label);
        for (String sample : patients.patient(patient).getSamples()) {
            Bag bag = store.bag(sample);
            OutcomeState state = store.outcome(sample, outcome.name());
            if (bag != null && bag.getPatientId().equals(patient) && bag.getPredicted() && !state.getLabelled()) {
                relearn(shard, bag, outcome, state, now);
                terms.labelled(shard, bag);
            }
        }
    }

    /** Labels have come again: bags that came while the job did not learn their outcome are learnt now. */
    void repeated(int shard, List<String> samples, OutcomeConfig outcome, long now) {
        for (String sample : samples) {
            Bag bag = store.bag(sample);
            OutcomeState state = store.outcome(sample, outcome.name());
            if (bag != null
                    && bag.getPredicted()
                    && !state.getLearntBefore()
                    && store.label(bag, outcome.name(), state).getLabelled()) {
                relearn(shard, bag, outcome, state, now);
            }
        }
    }

    /** Samples of a patient that there is anything of. */
    List<String> samples(String patient) {
        return patients.patient(patient).getSamples();
    }

    private void relearn(int shard, Bag bag, OutcomeConfig outcome, OutcomeState state, long now) {
        ActiveModel model = catalog.model(bag, outcome);
        if (!state.getPredicted()) {
            // It came before the job was to learn this outcome.
            predict(shard, bag, model, state, PredictionKind.ARRIVAL);
            return;
        }
        if (state.getLearntBefore()) {
            refuseIfLabelled(shard, bag, model, state);
            return;
        }
        OutcomeState label = store.label(bag, outcome.name(), state);
        if (sites.holds(bag, model, label)) {
            store.putOutcome(bag.getSampleId(), outcome.name(), state);
            return;
        }
        if (sites.learnt(bag, model)) {
            revisions.due(shard, bag, model, state, now);
        }
        if (!label.getLabelled()) {
            sites.forget(shard, bag, model);
        }
        learnIfLabelled(shard, bag, model, state);
    }

    /** A timer has come: what is dropped for its age is no longer part of the posterior. */
    void strike(int shard) {
        for (Bag dropped : terms.strike(shard)) {
            if (waiting.holds(dropped.getSampleId())) {
                letter(
                        dropped,
                        "sample '%s' revision %d: expected a scaler for embedding %s version %s, set by a command or from %d bags,"
                                        .formatted(
                                                dropped.getSampleId(),
                                                dropped.getRevision(),
                                                dropped.getEmbedding(),
                                                dropped.getEmbeddingVersion(),
                                                config.scalerBags())
                                + " got none within %s, with %d bags of shard %d that wait for one"
                                        .formatted(config.bags().retention(), waiting.size(shard), shard));
                waiting.remove(shard, dropped.getSampleId());
            }
            forget(shard, dropped);
        }
    }

    private void forget(int shard, Bag bag) {
        for (OutcomeConfig outcome : store.outcomes()) {
            ActiveModel model = catalog.model(bag, outcome);
            if (model != null) {
                sites.forget(shard, bag, model);
            }
        }
    }

    /** Samples of a patient go, with their labels and sites, and are named nowhere any more. */
    Erasure erase(int shard, String patient, String command, long now, long completeAfter) {
        int labels = 0;
        int taken = 0;
        List<String> samples = patients.patient(patient).getSamples();
        for (String sample : samples) {
            Bag bag = store.bag(sample);
            boolean own = bag == null || bag.getPatientId().equals(patient);
            boolean cells = own && bag != null;
            for (OutcomeConfig outcome : store.outcomes()) {
                OutcomeState state = store.outcome(sample, outcome.name());
                if (cells || EarlyLabels.mayBeOf(patient, state)) {
                    taken += bag != null && erase(shard, bag, catalog.model(bag, outcome), outcome, state, command)
                            ? 1
                            : 0;
                    labels += state.getLabelled() ? 1 : 0;
                    store.removeOutcome(sample, outcome.name());
                }
            }
            if (!own) {
                continue;
            }
            if (bag != null) {
                stopWaiting(shard, bag);
            }
            terms.remove(shard, sample);
            if (bag != null) {
                bagMeans.withdraw(bag);
                store.remove(bag);
            }
        }
        for (OutcomeConfig outcome : store.outcomes()) {
            labels += store.patientLabel(patient, outcome.name()).getLabelled() ? 1 : 0;
            store.removePatientLabel(patient, outcome.name());
        }
        patients.remove(patient);
        return new Erasure(command, samples.size(), labels, taken, now, completeAfter);
    }

    /**
     * Takes the site of an erased sample out, and tells of it the learners of every embedding of the outcome: an earlier
     * revision may have been learnt of another one.
     *
     * @param present of the bag's embedding; null while its scaler is not known
     * @return whether there was a site
     */
    private boolean erase(
            int shard, Bag bag, ActiveModel present, OutcomeConfig outcome, OutcomeState state, String command) {
        boolean taken = present != null && sites.forget(shard, bag, present, command);
        Set<ActiveModel> told = new LinkedHashSet<>(catalog.models());
        if (present != null) {
            told.add(present);
        }
        for (ActiveModel model : told) {
            if (model.outcome().equals(outcome) && !(taken && model == present)) {
                sites.erased(shard, bag, model, state.getScored(), command);
            }
        }
        return taken;
    }

    /** A bag that waits for its scaler goes, and what it has given to one with it. */
    private void stopWaiting(int shard, Bag bag) {
        if (waiting.holds(bag.getSampleId())) {
            if (emitter.learning()) {
                emitter.moments(withdrawn(moments(bag)));
            }
            waiting.remove(shard, bag.getSampleId());
        }
    }

    /** The moments of a bag that are to be taken out of those pooled before. */
    private static ScalerInput withdrawn(ScalerInput moments) {
        moments.setCells(-moments.getCells());
        return moments;
    }

    /** Predicts again what a changed label has made obsolete, as soon as a posterior knows of the change. */
    boolean revise(int shard, long now) {
        return revisions.revise(shard, now);
    }

    /** Tells the learners of every model something. */
    void order(int shard, LearnerOrderKind kind, String outcome, String command) {
        order(shard, models(shard), kind, outcome, command);
    }

    void order(int shard, List<ActiveModel> models, LearnerOrderKind kind, String outcome, String command) {
        for (ActiveModel model : models) {
            if (outcome == null || outcome.equals(model.outcome().name())) {
                sites.order(shard, model, new LearnerOrder(command, kind));
            }
        }
    }

    /** Those whose posterior has been heard of, and those that have none yet but sites of this shard, or were told to pause. */
    List<ActiveModel> models(int shard) {
        List<ActiveModel> models = new ArrayList<>(catalog.models());
        Set<String> keys = models.stream().map(ActiveModel::key).collect(Collectors.toSet());
        sites.examples(shard).forEach((key, sample) -> {
            for (OutcomeConfig outcome : config.outcomes()) {
                ActiveModel model = catalog.model(store.bag(sample), outcome);
                if (model != null && model.key().equals(key) && keys.add(key)) {
                    models.add(model);
                }
            }
        });
        for (ModelId told : pauses.told()) {
            ActiveModel model = catalog.model(told);
            if (model != null && keys.add(model.key())) {
                models.add(model);
            }
        }
        return models;
    }

    /** Predicts every complete bag of the shard once more. */
    void scoreAll(int topK, String command) {
        List<Bag> complete = new ArrayList<>();
        for (Bag bag : store.bags()) {
            if (bag.getPredicted()) {
                complete.add(bag);
            }
        }
        for (Bag bag : complete) {
            for (OutcomeConfig outcome : config.outcomes()) {
                ActiveModel model = catalog.model(bag, outcome);
                boolean learnt = sites.learnt(bag, model)
                        || store.outcome(bag.getSampleId(), outcome.name()).getLearntBefore();
                scoring.score(bag, model, PredictionKind.FINAL, topK, learnt, command);
            }
        }
    }

    /** What arrived of a bag that contradicts itself is dropped, so that it can be sent again as a new revision. */
    private void discard(int shard, Bag bag, String cause) {
        store.dropChunks(bag);
        bag.setComplete(true);
        store.put(bag);
        terms.refused(shard, bag);
        letter(bag, cause);
    }

    private void letter(Bag bag, String cause) {
        emitter.deadLetter(DeadLetter.newBuilder()
                .setCause("%s (%s-%d@%d)".formatted(cause, bag.getTopic(), bag.getPartition(), bag.getOffset()))
                .setTopic(bag.getTopic())
                .setPartition(bag.getPartition())
                .setOffset(bag.getOffset())
                .setKey(bag.getPatientId())
                .setSampleId(bag.getSampleId())
                .setRejectedAt(Instant.now())
                .build());
    }

    private ScalerInput moments(Bag bag) {
        FeatureMoments moments = new FeatureMoments(bag.getWidth());
        new StoredCells(store, bag, buffer.of(bag)).forEachBlock(moments::add);
        double[] covariates = config.covariates().stream()
                .mapToDouble(bag.getCovariates()::get)
                .toArray();
        return ScalerInput.newBuilder()
                .setKey(ModelIds.pool(bag.getStudy(), bag.getEmbedding(), bag.getEmbeddingVersion(), bag.getWidth()))
                .setStudy(bag.getStudy())
                .setEmbedding(bag.getEmbedding())
                .setEmbeddingVersion(bag.getEmbeddingVersion())
                .setCells(moments.count())
                .setMean(Bytes.of(moments.mean()))
                .setM2(Bytes.of(moments.m2()))
                .setCovariates(Bytes.of(covariates))
                .build();
    }
}
