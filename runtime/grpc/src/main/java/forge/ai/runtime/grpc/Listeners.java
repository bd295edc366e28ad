package forge.ai.runtime.grpc;

import forge.ai.runtime.support.serving.Address;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.MultiThreadIoEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.nio.NioIoHandler;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioServerSocketChannel;
import io.grpc.netty.shaded.io.netty.util.concurrent.Future;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * Has gRPC listen on one address after another, with the same threads: two for the connections, and a virtual one for
 * each call. Calls on an address that was left finish.
 */
final class Listeners implements AutoCloseable {

    private static final int CONNECTION_THREADS = 2;
    private static final int CALLS_PER_CONNECTION = 1000;
    private static final int MOST_HEADER_BYTES = 16 << 10;
    private static final Duration LAST_WORDS = Duration.ofSeconds(1);

    private final List<ServerServiceDefinition> services;
    private final ExecutorService calls = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("forge-grpc-", 0).factory());
    private final EventLoopGroup connections = new MultiThreadIoEventLoopGroup(
            CONNECTION_THREADS,
            Thread.ofPlatform().daemon().name("forge-grpc-connections-", 0).factory(),
            NioIoHandler.newFactory());
    private final List<Server> servers = new CopyOnWriteArrayList<>();

    Listeners(List<ServerServiceDefinition> services) {
        this.services = List.copyOf(services);
    }

    /**
     * Listens there from now on, and no longer where it did before.
     *
     * @param maxMessage the largest message in bytes
     * @throws IOException if the address is taken; all stays as it was then
     */
    void listen(Address address, int maxMessage) throws IOException {
        Server next = NettyServerBuilder.forAddress(new InetSocketAddress(address.host(), address.port()))
                .channelType(NioServerSocketChannel.class)
                .bossEventLoopGroup(connections)
                .workerEventLoopGroup(connections)
                .executor(calls)
                .addServices(services)
                .maxInboundMessageSize(maxMessage)
                .maxInboundMetadataSize(MOST_HEADER_BYTES)
                .maxConcurrentCallsPerConnection(CALLS_PER_CONNECTION)
                .build();
        try {
            next.start();
        } catch (IOException e) {
            next.shutdownNow();
            throw new IOException("cannot listen on " + address + ": " + e.getMessage(), e);
        }
        servers.forEach(Server::shutdown);
        servers.removeIf(Server::isTerminated);
        servers.add(next);
    }

    /** Takes no new connections, tells those there are to go elsewhere, and waits until their calls are through. */
    boolean drain(Duration limit) {
        long end = System.nanoTime() + limit.toNanos();
        servers.forEach(Server::shutdown);
        for (Server server : servers) {
            if (!terminated(server, Duration.ofNanos(Math.max(0, end - System.nanoTime())))) {
                return false;
            }
        }
        return true;
    }

    private static boolean terminated(Server server, Duration limit) {
        try {
            return server.awaitTermination(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Ends what is left. */
    @Override
    public void close() {
        if (!drain(LAST_WORDS)) {
            servers.forEach(Server::shutdownNow);
            servers.forEach(server -> terminated(server, LAST_WORDS));
        }
        Future<?> ended = connections.shutdownGracefully(0, LAST_WORDS.toMillis(), TimeUnit.MILLISECONDS);
        ended.awaitUninterruptibly(2 * LAST_WORDS.toMillis());
        calls.shutdownNow();
    }
}
