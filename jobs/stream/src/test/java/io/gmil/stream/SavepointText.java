package io.gmil.stream;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.StateObject;
import org.apache.flink.runtime.state.StreamStateHandle;

/** All bytes of a snapshot, one a character, to be searched. */
final class SavepointText {

    private SavepointText() {}

    static String of(List<OperatorSubtaskState> states) throws Exception {
        StringBuilder text = new StringBuilder();
        for (OperatorSubtaskState state : states) {
            List<StateObject> handles = new ArrayList<>();
            handles.addAll(state.getManagedKeyedState());
            handles.addAll(state.getManagedOperatorState());
            handles.addAll(state.getRawKeyedState());
            for (StateObject handle : handles) {
                try (var in = ((StreamStateHandle) handle).openInputStream()) {
                    text.append(new String(in.readAllBytes(), StandardCharsets.ISO_8859_1));
                }
            }
        }
        return text.toString();
    }
}
