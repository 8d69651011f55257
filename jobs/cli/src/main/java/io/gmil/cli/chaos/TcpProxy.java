package io.gmil.cli.chaos;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A stretch of network on this machine that can be cut: then bytes stand still in both directions, as behind a pulled cable. */
final class TcpProxy implements AutoCloseable {

    private static final int BUFFER_BYTES = 1 << 16;
    private static final int BACKLOG = 64;

    private final ServerSocket server;
    private final int target;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final Object gate = new Object();
    private boolean cut;
    private volatile boolean closed;

    private TcpProxy(ServerSocket server, int target) {
        this.server = server;
        this.target = target;
    }

    /** Forwards connections to a port of this machine to another. */
    static TcpProxy start(int port, int target) throws IOException {
        TcpProxy proxy = new TcpProxy(new ServerSocket(port, BACKLOG, InetAddress.getLoopbackAddress()), target);
        daemon(proxy::accept, "proxy " + port);
        return proxy;
    }

    private static void daemon(Runnable work, String name) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }

    void cut() {
        synchronized (gate) {
            cut = true;
        }
    }

    void mend() {
        synchronized (gate) {
            cut = false;
            gate.notifyAll();
        }
    }

    private void accept() {
        while (!closed) {
            try {
                Socket client = server.accept();
                sockets.add(client);
                daemon(() -> connect(client), "proxied connection");
            } catch (IOException e) {
                if (!closed) {
                    throw new UncheckedIOException(e);
                }
            }
        }
    }

    private void connect(Socket client) {
        try {
            awaitWhole();
            Socket behind = new Socket(InetAddress.getLoopbackAddress(), target);
            sockets.add(behind);
            daemon(() -> pump(behind, client), "proxied answers");
            pump(client, behind);
        } catch (IOException e) {
            // Nobody listens behind: the client sees a connection that ends.
            close(client);
        }
    }

    private void pump(Socket from, Socket to) {
        byte[] buffer = new byte[BUFFER_BYTES];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                awaitWhole();
                out.write(buffer, 0, read);
            }
        } catch (SocketException e) {
            // Either end has closed it, which the other is told below.
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            close(from);
            close(to);
        }
    }

    private void awaitWhole() {
        boolean interrupted = false;
        synchronized (gate) {
            while (cut && !closed) {
                try {
                    gate.wait();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void close(Socket socket) {
        sockets.remove(socket);
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        closed = true;
        mend();
        server.close();
        Set.copyOf(sockets).forEach(this::close);
    }
}
