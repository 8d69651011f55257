package io.gmil.cli;

import io.gmil.cli.cluster.ClusterException;
import io.gmil.cli.demo.DemoException;
import io.gmil.cohort.CohortException;
import io.gmil.stream.saved.ModelException;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;

/** Turns a failed command into one line on stderr and an exit code; the stack trace goes to the log. */
final class Failures implements IExecutionExceptionHandler {

    @Override
    public int handleExecutionException(Exception failure, CommandLine command, ParseResult parsed) {
        String name = command.getCommandSpec().qualifiedName();
        boolean badInput = failure instanceof UsageException
                || failure instanceof CohortException
                || failure instanceof ModelException;
        boolean expected = badInput || failure instanceof DemoException || failure instanceof ClusterException;
        if (!badInput) {
            LoggerFactory.getLogger(Failures.class).error("{} failed", name, failure);
        }
        String message = expected ? failure.getMessage() : unexpected(rootCause(failure));
        command.getErr().println(name + ": " + Gmil.oneLine(message));
        command.getErr().flush();
        return badInput ? Gmil.BAD_INPUT : Gmil.FAILED;
    }

    private static String unexpected(Throwable cause) {
        return cause instanceof OutOfMemoryError memory ? memory(memory) : cause.toString();
    }

    /** What to do where memory has run out. */
    static String memory(OutOfMemoryError error) {
        return "not enough memory (" + error.getMessage() + "); set GMIL_JAVA_OPTS to a larger -Xmx";
    }

    private static Throwable rootCause(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }
}
