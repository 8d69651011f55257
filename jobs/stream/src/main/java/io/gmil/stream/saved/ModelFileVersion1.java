package io.gmil.stream.saved;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.gmil.model.ModelSpec;

/** {@code model.json} of version 1: one outcome, whose posterior stands beside it. */
final class ModelFileVersion1 {

    private ModelFileVersion1() {}

    /** The same model as version 2 says it. */
    static JsonNode upgraded(JsonNode version1) {
        ObjectNode file = version1.deepCopy();
        file.put("formatVersion", 2);
        double intercept = ModelSpec.Prior.standard().sigma2Intercept();
        if (file.remove("posterior") instanceof ObjectNode state
                && file.remove("outcome") instanceof ObjectNode outcome) {
            state.put("file", PosteriorFiles.name(0, 0));
            state.put("sigma2Intercept", intercept);
            state.put("noise", 1.0);
            outcome.putArray("classes");
            outcome.put("mean", 0.0);
            outcome.put("sd", 1.0);
            outcome.putArray("posteriors").add(state);
            file.putArray("outcomes").add(outcome);
        }
        if (file.get("prior") instanceof ObjectNode prior) {
            prior.put("heads", 1);
            prior.put("sigma2Intercept", intercept);
        }
        ObjectNode group = JsonNodeFactory.instance.objectNode();
        group.put("column", "");
        group.putArray("levels");
        file.set("randomIntercept", group);
        return file;
    }
}
