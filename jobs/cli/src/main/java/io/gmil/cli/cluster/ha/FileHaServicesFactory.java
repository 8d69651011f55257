package io.gmil.cli.cluster.ha;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Executor;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.IllegalConfigurationException;
import org.apache.flink.runtime.highavailability.HighAvailabilityServices;
import org.apache.flink.runtime.highavailability.HighAvailabilityServicesFactory;
import org.apache.flink.runtime.highavailability.HighAvailabilityServicesUtils;

/** What {@code high-availability.type} names; {@code high-availability.storageDir} has to be a directory of this machine. */
public final class FileHaServicesFactory implements HighAvailabilityServicesFactory {

    @Override
    public HighAvailabilityServices createHAServices(Configuration configuration, Executor executor)
            throws IOException {
        return new FileHaServices(configuration, executor, directory(configuration));
    }

    private static Path directory(Configuration configuration) {
        var path = HighAvailabilityServicesUtils.getClusterHighAvailableStoragePath(configuration);
        String scheme = path.toUri().getScheme();
        if (scheme != null && !scheme.equals("file")) {
            throw new IllegalConfigurationException(
                    "high-availability.storageDir: expected a directory of this machine, got " + path);
        }
        return Path.of(path.getPath());
    }
}
