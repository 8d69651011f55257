package io.gmil.stream;

import org.apache.flink.runtime.throwable.ThrowableAnnotation;
import org.apache.flink.runtime.throwable.ThrowableType;
import org.apache.flink.util.FlinkRuntimeException;

/** State that is not right under the settings of the job. Fails it for good: the next attempt would find the same. */
@ThrowableAnnotation(ThrowableType.NonRecoverableError)
public final class RestoreRefused extends FlinkRuntimeException {

    private static final long serialVersionUID = 1L;

    RestoreRefused(String message) {
        super(message);
    }
}
