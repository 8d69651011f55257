package io.gmil.stream.saved;

import io.gmil.model.OutcomePosterior;
import io.gmil.model.Posterior;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The files of a model's posteriors: {@code posterior.bin}, and {@code posterior-o-c.bin} of further outcomes and classes. */
public final class PosteriorFiles {

    private PosteriorFiles() {}

    /** Name of a file, see {@link Posterior#toBytes}. */
    static String name(int outcome, int clazz) {
        return outcome == 0 && clazz == 0 ? "posterior.bin" : "posterior-" + outcome + "-" + clazz + ".bin";
    }

    /** What {@code model.json} says of the posteriors of an outcome. */
    public static List<ModelFile.State> states(int outcome, OutcomePosterior of) {
        List<ModelFile.State> states = new ArrayList<>();
        for (Posterior posterior : of.posteriors()) {
            states.add(new ModelFile.State(
                    name(outcome, states.size()),
                    Fingerprint.ofBytes(posterior.toBytes()),
                    posterior.phase(),
                    posterior.labelledBags(),
                    posterior.variances().gamma(),
                    posterior.variances().beta(),
                    posterior.variances().intercept(),
                    posterior.variances().noise()));
        }
        return states;
    }

    /** Names and bytes of all of a model. */
    public static Map<String, byte[]> of(SavedModel model) {
        Map<String, byte[]> files = new LinkedHashMap<>();
        for (int o = 0; o < model.posteriors().size(); o++) {
            List<Posterior> classes = model.posteriors().get(o).posteriors();
            for (int c = 0; c < classes.size(); c++) {
                files.put(name(o, c), classes.get(c).toBytes());
            }
        }
        return files;
    }
}
