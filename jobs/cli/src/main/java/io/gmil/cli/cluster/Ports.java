package io.gmil.cli.cluster;

import io.gmil.cli.UsageException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;

/** Ports of this machine's loopback address. */
final class Ports {

    private static final byte[] LOOPBACK = {127, 0, 0, 1};

    private Ports() {}

    /** The port, or a free one for 0. */
    static int chosen(int port) throws IOException {
        if (port != 0) {
            return port;
        }
        try (ServerSocket socket = listen(0)) {
            return socket.getLocalPort();
        }
    }

    static void requireFree(int port, String what, String option) {
        try {
            listen(port).close();
        } catch (IOException e) {
            throw new UsageException("port " + port + " " + what + " is taken; choose another with " + option
                    + " and a new --directory");
        }
    }

    private static ServerSocket listen(int port) throws IOException {
        return new ServerSocket(port, 1, InetAddress.getByAddress(LOOPBACK));
    }
}
