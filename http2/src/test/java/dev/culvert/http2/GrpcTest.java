package dev.culvert.http2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.common.util.concurrent.ListenableFuture;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.ssl.SslContext;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** grpc-java, unchanged, in both roles on both sides. */
@Timeout(60)
final class GrpcTest {
    private static final InetSocketAddress ANY_PORT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    private final EventLoopGroup loops = new MultiThreadIoEventLoopGroup(2, NioIoHandler.newFactory());
    private final List<AutoCloseable> opened = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        Collections.reverse(opened);
        for (AutoCloseable each : opened) {
            each.close();
        }
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }

    /** How the listener on the routable side came to be. */
    enum Made {
        LISTENING {
            @Override
            PrefaceListener make() throws IOException {
                return PrefaceListener.listen(ANY_PORT, PrefaceOptions.DEFAULT);
            }
        },
        AROUND_A_SERVER_SOCKET {
            @Override
            PrefaceListener make() throws IOException {
                return PrefaceListener.wrap(
                        new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), PrefaceOptions.DEFAULT);
            }
        };

        abstract PrefaceListener make() throws IOException;
    }

    @Test
    void a_server_channel_of_the_caller_is_taken_over_with_its_loops() throws Exception {
        ServerChannel bound = (ServerChannel) new ServerBootstrap()
                .group(loops)
                .channel(NioServerSocketChannel.class)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        throw new AssertionError("the listener has them all");
                    }
                })
                .bind(ANY_PORT)
                .sync()
                .channel();
        PrefaceListener preface = closing(PrefaceListener.wrap(bound, PrefaceOptions.DEFAULT));
        serve(preface.clients(), "cloud");
        serve(dialling(preface, DialOptions.DEFAULT).connections(), "edge");

        assertThat(Greeter.hello(client(preface), "edge")).isEqualTo("hello edge from cloud");
        assertThat(Greeter.hello(dial(preface, PeerAddress.any()), "cloud")).isEqualTo("hello cloud from edge");
        preface.close();
        assertThat(bound.closeFuture().await(10, TimeUnit.SECONDS)).isTrue();
    }

    private PrefaceListener preface(PrefaceOptions options) throws IOException {
        return closing(PrefaceListener.listen(ANY_PORT, options));
    }

    private DialListener dialling(PrefaceListener to, DialOptions options) {
        return closing(DialListener.to((InetSocketAddress) to.address(), options));
    }

    private <T extends AutoCloseable> T closing(T resource) {
        opened.add(resource);
        return resource;
    }

    private Server serve(Incoming incoming, String name) throws IOException {
        return serve(incoming, name, null);
    }

    private Server serve(Incoming incoming, String name, SslContext tls) throws IOException {
        NettyServerBuilder builder = NettyServerBuilder.forAddress(ANY_PORT)
                .channelFactory(incoming.serverChannels())
                .bossEventLoopGroup(loops)
                .workerEventLoopGroup(loops)
                .addService(Greeter.service(name));
        if (tls != null) {
            builder.sslContext(tls);
        }
        Server server = builder.build().start();
        opened.add(server::shutdownNow);
        return server;
    }

    private ManagedChannel dial(PrefaceListener listener, PeerAddress peer) {
        return channel(NettyChannelBuilder.forAddress(peer)
                .channelFactory(listener.channels())
                .eventLoopGroup(loops)
                .usePlaintext()
                .build());
    }

    private ManagedChannel client(PrefaceListener listener) {
        return channel(NettyChannelBuilder.forAddress(listener.address())
                .usePlaintext()
                .build());
    }

    private ManagedChannel channel(ManagedChannel channel) {
        opened.add(() -> {
            channel.shutdownNow();
            assertThat(channel.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
        });
        return channel;
    }

    @ParameterizedTest
    @EnumSource
    void both_sides_serve_and_call_each_other_through_one_port(Made made) throws IOException {
        PrefaceListener preface = closing(made.make());
        serve(preface.clients(), "cloud");
        serve(dialling(preface, DialOptions.DEFAULT).connections(), "edge");

        assertThat(Greeter.hello(client(preface), "edge")).isEqualTo("hello edge from cloud");
        assertThat(Greeter.hello(dial(preface, PeerAddress.any()), "cloud")).isEqualTo("hello cloud from edge");
    }

    /** OkHttp speaks HTTP/2 without TLS if told to, which is all that gRPC's OkHttp transport needs. */
    @Test
    void okhttp_takes_sockets_of_reversed_connections() throws IOException {
        PrefaceListener preface = preface(PrefaceOptions.DEFAULT);
        serve(
                dialling(preface, DialOptions.DEFAULT.withAnnouncement(Announcement.of("edge7")))
                        .connections(),
                "edge7");
        OkHttpClient client = new OkHttpClient.Builder()
                .socketFactory(preface.socketFactory("edge7", Duration.ofSeconds(10)))
                .protocols(List.of(Protocol.H2_PRIOR_KNOWLEDGE))
                .build();
        opened.add(client.connectionPool()::evictAll);
        for (int i = 0; i < 3; i++) {
            Request call = new Request.Builder()
                    .url("http://127.0.0.1/culvert.Greeter/Hello")
                    .header("te", "trailers")
                    .post(RequestBody.create(
                            "\0\0\0\0\005cloud".getBytes(StandardCharsets.US_ASCII), MediaType.get("application/grpc")))
                    .build();
            try (Response response = client.newCall(call).execute()) {
                assertThat(response.body().string()).endsWith("hello cloud from edge7");
                assertThat(response.trailers().get("grpc-status")).isEqualTo("0");
            }
        }
    }

    @Test
    void a_stream_flows_both_ways_over_a_reversed_connection() throws Exception {
        PrefaceListener preface = preface(PrefaceOptions.DEFAULT);
        serve(dialling(preface, DialOptions.DEFAULT).connections(), "edge");
        List<Integer> lengths = Collections.synchronizedList(new ArrayList<>());
        CompletableFuture<Void> done = new CompletableFuture<>();
        StreamObserver<String> questions = Greeter.chat(dial(preface, PeerAddress.any()), new StreamObserver<>() {
            @Override
            public void onNext(String message) {
                lengths.add(message.length());
            }

            @Override
            public void onError(Throwable failure) {
                done.completeExceptionally(failure);
            }

            @Override
            public void onCompleted() {
                done.complete(null);
            }
        });
        List<Integer> expected = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            questions.onNext("x".repeat(i * 4000));
            expected.add(i * 4000);
        }
        questions.onCompleted();
        done.get(30, TimeUnit.SECONDS);
        assertThat(lengths).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void a_server_that_shuts_down_in_order_lets_calls_end(boolean behindNat) throws Exception {
        PrefaceListener preface = preface(PrefaceOptions.DEFAULT);
        Server server =
                serve(behindNat ? dialling(preface, DialOptions.DEFAULT).connections() : preface.clients(), "server");
        List<String> answers = Collections.synchronizedList(new ArrayList<>());
        CompletableFuture<Void> done = new CompletableFuture<>();
        StreamObserver<String> questions =
                Greeter.chat(behindNat ? dial(preface, PeerAddress.any()) : client(preface), new StreamObserver<>() {
                    @Override
                    public void onNext(String message) {
                        answers.add(message);
                    }

                    @Override
                    public void onError(Throwable failure) {
                        done.completeExceptionally(failure);
                    }

                    @Override
                    public void onCompleted() {
                        done.complete(null);
                    }
                });
        questions.onNext("before");
        await().until(() -> answers.contains("before"));

        server.shutdown();
        questions.onNext("after");
        questions.onCompleted();

        done.get(10, TimeUnit.SECONDS);
        assertThat(answers).containsExactly("before", "after");
        assertThat(server.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void several_peers_are_told_apart_by_name() throws IOException {
        PrefaceListener preface = preface(PrefaceOptions.DEFAULT);
        for (String name : List.of("edge1", "edge2", "edge3")) {
            serve(
                    dialling(preface, DialOptions.DEFAULT.withAnnouncement(Announcement.of(name)))
                            .connections(),
                    name);
        }
        for (String name : List.of("edge2", "edge3", "edge1", "edge2")) {
            assertThat(Greeter.hello(dial(preface, PeerAddress.of(name)), "cloud"))
                    .isEqualTo("hello cloud from " + name);
        }
    }

    @Test
    void several_clients_of_one_peer_each_get_a_connection_at_once() throws IOException {
        PrefaceListener preface = preface(PrefaceOptions.DEFAULT);
        serve(dialling(preface, DialOptions.DEFAULT).connections(), "edge");
        for (int i = 0; i < 10; i++) {
            assertThat(Greeter.hello(dial(preface, PeerAddress.any()), "cloud" + i))
                    .isEqualTo("hello cloud" + i + " from edge");
        }
    }

    @Test
    void tls_on_top_has_its_roles_reversed_too() throws Exception {
        X509Bundle edge = certificate("edge7");
        PrefaceListener preface = preface(PrefaceOptions.DEFAULT);
        SslContext server = GrpcSslContexts.forServer(edge.toTempCertChainPem(), edge.toTempPrivateKeyPem())
                .build();
        // Without a name: a TLS server says nothing first, so it counts as reversed after its silence.
        serve(dialling(preface, DialOptions.DEFAULT).connections(), "edge7", server);
        SslContext trusting = GrpcSslContexts.forClient()
                .trustManager(edge.toTempRootCertPem())
                .build();
        ManagedChannel channel = channel(NettyChannelBuilder.forAddress(PeerAddress.any())
                .channelFactory(preface.channels())
                .eventLoopGroup(loops)
                .overrideAuthority("edge7")
                .sslContext(trusting)
                .build());
        assertThat(Greeter.hello(channel, "cloud")).isEqualTo("hello cloud from edge7");
    }

    static X509Bundle certificate(String name) throws Exception {
        return new CertificateBuilder()
                .subject("CN=" + name)
                .addSanDnsName(name)
                .setIsCertificateAuthority(true)
                .algorithm(CertificateBuilder.Algorithm.ecp256)
                .buildSelfSigned();
    }

    @Test
    void calls_in_flight_fail_at_once_when_the_peer_is_gone_and_later_calls_succeed() throws Exception {
        PrefaceListener preface = preface(PrefaceOptions.DEFAULT);
        DialListener first = dialling(preface, DialOptions.DEFAULT);
        serve(first.connections(), "first");
        ManagedChannel channel = dial(preface, PeerAddress.any());
        assertThat(Greeter.hello(channel, "cloud")).isEqualTo("hello cloud from first");
        ListenableFuture<String> inFlight = Greeter.hang(channel);

        first.close();

        assertThatThrownBy(() -> inFlight.get(5, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .satisfies(e -> assertThat(Status.fromThrowable(e).getCode())
                        .as("%s", Status.fromThrowable(e))
                        .isEqualTo(Status.Code.UNAVAILABLE));
        serve(dialling(preface, DialOptions.DEFAULT).connections(), "second");
        assertThat(Greeter.hello(channel, "cloud")).isEqualTo("hello cloud from second");
    }

    @Test
    void a_dial_listener_comes_back_when_its_routable_side_restarts() throws Exception {
        PrefaceListener before = preface(PrefaceOptions.DEFAULT);
        InetSocketAddress address = (InetSocketAddress) before.address();
        DialListener dialling =
                dialling(before, DialOptions.DEFAULT.withRetries(Duration.ofMillis(20), Duration.ofMillis(200)));
        serve(dialling.connections(), "edge");
        assertThat(Greeter.hello(dial(before, PeerAddress.any()), "cloud")).isEqualTo("hello cloud from edge");

        before.close();
        PrefaceListener[] after = new PrefaceListener[1];
        await().ignoreExceptions().until(() -> {
            after[0] = PrefaceListener.listen(address, PrefaceOptions.DEFAULT);
            return true;
        });
        opened.add(after[0]);
        assertThat(Greeter.hello(dial(after[0], PeerAddress.any()), "cloud")).isEqualTo("hello cloud from edge");
    }

    @Test
    void a_call_to_a_peer_that_is_not_there_is_unavailable_and_says_who_is() throws Exception {
        PrefaceListener preface = preface(PrefaceOptions.DEFAULT);
        serve(
                dialling(preface, DialOptions.DEFAULT.withAnnouncement(Announcement.bare("ELA")))
                        .connections(),
                "edge");
        await().until(() -> preface.waiting().size() == 1);
        ManagedChannel channel = channel(NettyChannelBuilder.forAddress(PeerAddress.of("EVA"))
                .channelFactory(preface.channels())
                .eventLoopGroup(loops)
                .withOption(ChannelOption.CONNECT_TIMEOUT_MILLIS, 100)
                .usePlaintext()
                .build());
        assertThatThrownBy(() -> Greeter.helloNow(channel, "cloud"))
                .isInstanceOfSatisfying(StatusRuntimeException.class, e -> {
                    assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
                    assertThat(String.valueOf(e.getCause()))
                            .contains("no peer 'EVA' dialled in within 100 ms (waiting now: [ELA at ");
                });
    }
}
