package io.gmil.cli;

/** A word of a command that is printed to be copied. */
final class ShellWord {

    private ShellWord() {}

    /** The text, quoted where a shell would not take it as it is. */
    static String of(Object text) {
        String word = text.toString();
        return word.matches("[\\w./:=@%+,-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
    }
}
