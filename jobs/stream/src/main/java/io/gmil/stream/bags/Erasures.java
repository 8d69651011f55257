package io.gmil.stream.bags;

import io.gmil.schema.Audit;
import io.gmil.schema.ErasureReceipt;
import io.gmil.schema.ErasureStage;
import io.gmil.stream.CodeVersion;
import io.gmil.stream.JobConfig;
import io.gmil.stream.state.Erasure;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.apache.flink.api.common.state.MapState;

/**
 * Takes patients out of a shard, keeps their records out from then on, and issues receipts. A patient who is gone is known
 * by a salted hash alone.
 */
final class Erasures {

    private static final String SALT = "";
    private static final int SALT_BYTES = 16;
    private static final byte[] GONE = {};

    private final JobConfig config;
    private final PatientStore store;
    private final BagBook bags;
    private final Emitter emitter;

    /** Hashes by shard, as stored; most shards have none and never compute any. */
    private final Map<Integer, Set<String>> hashes = new HashMap<>();

    Erasures(JobConfig config, PatientStore store, BagBook bags, Emitter emitter) {
        this.config = config;
        this.store = store;
        this.bags = bags;
        this.emitter = emitter;
    }

    /**
     * Erases a patient and issues the first receipt.
     *
     * @param now in ms
     * @return when the last one is due
     */
    long erase(int shard, String patient, String command, long now) {
        long completeAfter = now + config.erasureCompleteAfter().toMillis();
        Erasure erasure = bags.erase(shard, patient, command, now, completeAfter);
        String hash = hash(patient);
        States.put(store.erased(), hash, GONE);
        hashes(shard).add(hash);
        store.put(erasure);
        emitter.receipt(receipt(erasure, ErasureStage.PENDING));
        return completeAfter;
    }

    /** Whether the records of a patient are refused. */
    boolean erased(int shard, String patient) {
        Set<String> known = hashes(shard);
        return !known.isEmpty() && known.contains(hash(patient));
    }

    /** Issues the receipts that are due; when the next one is. */
    OptionalLong complete(long now) {
        List<Erasure> open = store.erasures();
        for (Erasure erasure : open) {
            if (erasure.getCompleteAfter() <= now) {
                emitter.receipt(receipt(erasure, ErasureStage.COMPLETE));
                store.removeErasure(erasure.getCommandId());
            }
        }
        return open.stream()
                .mapToLong(Erasure::getCompleteAfter)
                .filter(time -> time > now)
                .min();
    }

    private Set<String> hashes(int shard) {
        return hashes.computeIfAbsent(shard, absent -> {
            Set<String> stored = new HashSet<>();
            States.read(() -> store.erased().keys()).forEach(stored::add);
            stored.remove(SALT);
            return stored;
        });
    }

    private String hash(String patient) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(salt());
            return HexFormat.of().formatHex(digest.digest(patient.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-256 is part of every Java platform", e);
        }
    }

    private byte[] salt() {
        MapState<String, byte[]> erased = store.erased();
        byte[] salt = States.get(erased, SALT);
        if (salt == null) {
            salt = new byte[SALT_BYTES];
            new SecureRandom().nextBytes(salt);
            States.put(erased, SALT, salt);
        }
        return salt;
    }

    private Audit receipt(Erasure erasure, ErasureStage stage) {
        return Audit.newBuilder()
                .setStudy(config.study())
                .setOutcome("")
                .setEmbedding("")
                .setEmbeddingVersion("")
                .setScalerId("")
                .setGeneration(0)
                .setVersion(0)
                .setPreviousGeneration(0)
                .setPreviousVersion(0)
                .setAdded(List.of())
                .setRemoved(List.of())
                .setRefreshed(0)
                .setReceipt(new ErasureReceipt(
                        erasure.getCommandId(),
                        stage,
                        erasure.getSamples(),
                        erasure.getLabels(),
                        erasure.getSites(),
                        Instant.ofEpochMilli(erasure.getErasedAt()),
                        Instant.ofEpochMilli(erasure.getCompleteAfter())))
                .setCodeVersion(CodeVersion.CURRENT)
                .setConfigFingerprint(config.fingerprint())
                .setPublishedAt(Instant.now())
                .build();
    }
}
