package io.gmil.cli.cluster;

import io.gmil.kafka.LocalBroker;
import io.gmil.kafka.ProxiedListener;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The broker as a process of its own: {@code DIRECTORY PORT [PROXIED_PORT PROXY_PORT]}. Runs until it is told to end. */
public final class BrokerProcess {

    private static final Logger LOG = LoggerFactory.getLogger(BrokerProcess.class);

    private BrokerProcess() {}

    public static void main(String[] args) throws Exception {
        Optional<ProxiedListener> proxied = args.length < 4
                ? Optional.empty()
                : Optional.of(new ProxiedListener(Integer.parseInt(args[2]), Integer.parseInt(args[3])));
        LocalBroker broker = LocalBroker.start(Path.of(args[0]), Integer.parseInt(args[1]), proxied);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> close(broker), "close broker"));
        LOG.info("broker at {}", broker.bootstrapServers());
        new CountDownLatch(1).await();
    }

    private static void close(LocalBroker broker) {
        try {
            broker.close();
        } catch (IOException e) {
            LOG.warn("the broker did not close in order", e);
        }
    }
}
