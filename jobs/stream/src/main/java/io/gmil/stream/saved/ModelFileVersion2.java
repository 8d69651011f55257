package io.gmil.stream.saved;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** {@code model.json} of version 2: nothing is known of the fit. */
final class ModelFileVersion2 {

    private ModelFileVersion2() {}

    /** The same model as version 3 says it. */
    static JsonNode upgraded(JsonNode version2) {
        ObjectNode file = version2.deepCopy();
        file.put("formatVersion", 3);
        if (file.get("provenance") instanceof ObjectNode provenance) {
            provenance.put("seconds", 0.0);
            provenance.putObject("evidenceLowerBound");
        }
        return file;
    }
}
