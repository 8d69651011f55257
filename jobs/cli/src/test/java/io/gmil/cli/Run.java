package io.gmil.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import picocli.CommandLine;

/**
 * What a command did when it was run in this process.
 *
 * @param code exit code
 * @param out its standard output
 * @param err its standard error
 */
record Run(int code, String out, String err) {

    /** Runs a command; arguments are split at spaces. */
    static Run of(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine command = Gmil.commandLine();
        command.setOut(new PrintWriter(out, true));
        command.setErr(new PrintWriter(err, true));
        int code = command.execute(String.join(" ", arguments).strip().split(" +", -1));
        return new Run(code, out.toString(), err.toString());
    }

    /** One line that says so, exit code 2, nothing on standard output. */
    void assertRefused(String... expected) {
        assertThat(err.lines()).singleElement().asString().contains(expected);
        assertThat(code).isEqualTo(Gmil.BAD_INPUT);
        assertThat(out).isEmpty();
    }
}
