package io.gmil.stream.bags;

import io.gmil.stream.state.Erasure;
import io.gmil.stream.state.Patient;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.functions.RuntimeContext;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.formats.avro.typeutils.AvroTypeInfo;

/** What the current shard holds of patients, and whose records it refuses. */
final class PatientStore {

    private final MapState<String, Patient> patients;

    /** By salted hash; the salt has the empty key. */
    private final MapState<String, byte[]> erased;

    private final MapState<String, Erasure> erasures;

    PatientStore(RuntimeContext context) {
        patients = context.getMapState(States.descriptor("patients", new AvroTypeInfo<>(Patient.class)));
        erased =
                context.getMapState(States.descriptor("erased", PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO));
        erasures = context.getMapState(States.descriptor("erasures", new AvroTypeInfo<>(Erasure.class)));
    }

    /** A blank record where nothing is known. */
    Patient patient(String patient) {
        Patient known = States.get(patients, patient);
        return known != null ? known : new Patient(new ArrayList<>(), new ArrayList<>());
    }

    void put(String patient, Patient known) {
        States.put(patients, patient, known);
    }

    void remove(String patient) {
        States.remove(patients, patient);
    }

    /** Notes that a sample is of a patient. */
    void know(String patient, String sample) {
        Patient known = patient(patient);
        if (!known.getSamples().contains(sample)) {
            known.getSamples().add(sample);
            put(patient, known);
        }
    }

    /** Nothing is left of a sample: nor is it of its patient, if that was the last one. */
    void forget(String patient, String sample) {
        Patient known = patient(patient);
        List<String> others = new ArrayList<>(known.getSamples());
        others.remove(sample);
        if (others.isEmpty()) {
            remove(patient);
        } else {
            known.setSamples(others);
            put(patient, known);
        }
    }

    MapState<String, byte[]> erased() {
        return erased;
    }

    /** Erasures whose receipt is not complete. */
    List<Erasure> erasures() {
        List<Erasure> open = new ArrayList<>();
        States.read(erasures::values).forEach(open::add);
        return open;
    }

    void put(Erasure erasure) {
        States.put(erasures, erasure.getCommandId(), erasure);
    }

    void removeErasure(String command) {
        States.remove(erasures, command);
    }
}
