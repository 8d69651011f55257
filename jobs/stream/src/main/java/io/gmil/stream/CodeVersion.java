package io.gmil.stream;

import java.util.Objects;

/** The version of this code, as the build wrote it into the jar. */
public final class CodeVersion {

    public static final String CURRENT =
            Objects.requireNonNullElse(CodeVersion.class.getPackage().getImplementationVersion(), "development");

    private CodeVersion() {}
}
