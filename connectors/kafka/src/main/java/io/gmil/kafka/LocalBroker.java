package io.gmil.kafka;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.utils.Exit;
import org.apache.kafka.common.utils.Time;

/**
 * A Kafka broker in this JVM for demonstrations and tests: one node, KRaft, reachable from this machine only, without
 * security. Its data survive a restart on the same directory. The directory must outlive the broker: Kafka ends the JVM
 * when it cannot write any more.
 */
public final class LocalBroker implements AutoCloseable {

    private static final byte[] LOOPBACK = {127, 0, 0, 1};

    private final KafkaRaftServer server;
    private final FileChannel lock;
    private final int port;
    private boolean closed;

    private LocalBroker(KafkaRaftServer server, FileChannel lock, int port) {
        this.server = server;
        this.lock = lock;
        this.port = port;
    }

    /**
     * Starts a broker, which takes a few seconds, and returns when it answers.
     *
     * @param dataDirectory where topics are kept; created and formatted if there are none yet
     * @param port on 127.0.0.1; 0 for any free one
     * @throws IOException when the port is taken, or the directory cannot be written or belongs to a running broker
     */
    public static LocalBroker start(Path dataDirectory, int port) throws IOException {
        return start(dataDirectory, port, Optional.empty());
    }

    /**
     * The same with a second listener.
     *
     * @param proxied for clients behind a proxy, if there are any
     * @throws IOException as the other
     */
    public static LocalBroker start(Path dataDirectory, int port, Optional<ProxiedListener> proxied)
            throws IOException {
        int brokerPort = port == 0 ? freePort() : requireFree(port);
        Files.createDirectories(dataDirectory);
        FileChannel lock = lock(dataDirectory);
        try {
            LocalBrokerSettings settings = new LocalBrokerSettings(dataDirectory, brokerPort, freePort(), proxied);
            settings.formatIfNew();
            return new LocalBroker(startServer(settings), lock, brokerPort);
        } catch (IOException | RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    /** The address of the broker, {@code host:port}. */
    public String bootstrapServers() {
        return LocalBrokerSettings.HOST + ":" + port;
    }

    /** Stops the broker; returns when its port and its files are released. Does nothing the second time. */
    @Override
    public void close() throws IOException {
        if (closed) {
            return;
        }
        closed = true;
        server.shutdown();
        server.awaitShutdown();
        lock.close();
    }

    private static KafkaRaftServer startServer(LocalBrokerSettings settings) throws IOException {
        // Kafka ends the JVM when a start fails; here that is the caller's decision.
        Exit.Procedure refuse = (status, message) -> {
            throw new IllegalStateException(message == null ? "status " + status : message);
        };
        Exit.setExitProcedure(refuse);
        Exit.setHaltProcedure(refuse);
        KafkaRaftServer server = null;
        try {
            server = new KafkaRaftServer(settings.kafkaConfig(), Time.SYSTEM);
            server.startup();
            return server;
        } catch (RuntimeException e) {
            if (server != null) {
                server.shutdown();
            }
            throw new IOException("the local broker did not start: " + e.getMessage(), e);
        } finally {
            Exit.resetExitProcedure();
            Exit.resetHaltProcedure();
        }
    }

    private static FileChannel lock(Path dataDirectory) throws IOException {
        FileChannel channel =
                FileChannel.open(dataDirectory.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            if (channel.tryLock() != null) {
                return channel;
            }
        } catch (OverlappingFileLockException e) {
            // Held by a broker of this JVM, as below by one of another.
        }
        channel.close();
        throw new IOException("directory " + dataDirectory + " belongs to a broker that is still running");
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByAddress(LOOPBACK))) {
            return socket.getLocalPort();
        }
    }

    private static int requireFree(int port) throws IOException {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getByAddress(LOOPBACK))) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new IOException(
                    "port " + port + " of " + LocalBrokerSettings.HOST + " is taken; choose another, or 0 for any", e);
        }
    }
}
