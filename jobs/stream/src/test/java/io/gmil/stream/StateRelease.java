package io.gmil.stream;

import org.junit.jupiter.api.Test;

/**
 * Stores the state of a small job as that of version N, for {@link SavedStateTest}. No test, hence its name, which keeps it
 * out of the build:
 *
 * <pre>mvn -pl jobs/stream -am test -Dtest=StateRelease -Dsurefire.failIfNoSpecifiedTests=false -Dgmil.release=N</pre>
 *
 * Refuses to write a version again.
 */
class StateRelease {

    @Test
    void write() throws Exception {
        SavedState.write(Integer.parseInt(System.getProperty("gmil.release")));
    }
}
