package dev.culvert.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.apache.catalina.startup.Tomcat;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.eclipse.jetty.server.Server;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.http.server.reactive.HttpHandler;
import org.springframework.web.reactive.function.client.WebClient;
import org.springframework.web.reactive.function.client.WebClientRequestException;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.netty.DisposableServer;
import reactor.netty.resources.LoopResources;

/** Runs the recipes for servers, and for clients that are built on Netty. */
@Timeout(60)
final class ServerRecipesTest {
    @TempDir
    Path state;

    private Behind behind;

    @BeforeEach
    void start() throws IOException {
        behind = new Behind(state);
    }

    @AfterEach
    void close() {
        behind.close();
    }

    @Test
    void jetty_serves_from_behind() throws Exception {
        Path socket = Files.createTempDirectory("jetty").resolve("web.sock");
        Server server = JettyFromBehind.serve(behind.agent, "web", socket, new JettyFromBehind.Hello());
        try (CloseableHttpClient client = HttpClient5ByName.client(behind.caller)) {
            assertThat(HttpClient5ByName.get(client, "http://web/a/b")).isEqualTo("200 Jetty at /a/b");
            server.stop();
            assertThatThrownBy(() -> HttpClient5ByName.get(client, "http://web/"))
                    .isInstanceOf(IOException.class);
        } finally {
            server.stop();
        }
    }

    @Test
    void tomcat_serves_from_behind() throws Exception {
        Path folder = Files.createTempDirectory("tomcat");
        Tomcat tomcat = TomcatFromBehind.serve(behind.agent, "web", folder, new TomcatFromBehind.Hello());
        try (CloseableHttpClient client = HttpClient5ByName.client(behind.caller)) {
            assertThat(HttpClient5ByName.get(client, "http://web/a/b")).isEqualTo("200 Tomcat at /a/b");
        } finally {
            tomcat.stop();
            tomcat.destroy();
        }
    }

    @Test
    void grpc_calls_go_from_behind_a_relay_to_behind_a_relay() throws IOException {
        EventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        io.grpc.Server server = GrpcByName.serve(behind.agent, "greeter", loops);
        ManagedChannel channel = GrpcByName.channel(behind.caller, "greeter", loops);
        ManagedChannel nobody = GrpcByName.channel(behind.caller, "nobody", loops);
        try {
            assertThat(Greetings.askNow(channel, "Ada")).isEqualTo("Hello Ada, here is " + behind.agent.name());
            assertThatThrownBy(() -> Greetings.askNow(nobody, "Ada"))
                    .isInstanceOfSatisfying(
                            StatusRuntimeException.class,
                            e -> assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE));
        } finally {
            channel.shutdownNow();
            nobody.shutdownNow();
            server.shutdownNow();
            loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
        }
    }

    @Test
    void webflux_asks_and_serves_without_a_port() {
        LoopResources loops = LoopResources.create("test", 1, true);
        HttpHandler hello = RouterFunctions.toHttpHandler(RouterFunctions.route()
                .GET("/hello", request -> ServerResponse.ok().bodyValue("reactive"))
                .GET("/big", request -> ServerResponse.ok().bodyValue("x".repeat(200_000)))
                .build());
        DisposableServer server = WebFluxByName.serve(behind.agent, "web", hello, loops);
        WebClient web = WebFluxByName.web(behind.caller, loops);
        try {
            assertThat(get(web, "http://web/hello")).isEqualTo("reactive");
            assertThat(get(web, "http://" + behind.agent.name() + ".web/big")).hasSize(200_000);
            assertThatThrownBy(() -> get(web, "http://nobody/"))
                    .isInstanceOf(WebClientRequestException.class)
                    .hasMessageContaining("UNKNOWN_SERVICE");
        } finally {
            server.disposeNow();
            loops.disposeLater(Duration.ZERO, Duration.ofSeconds(5)).block();
        }
    }

    private static String get(WebClient web, String url) {
        return web.get().uri(url).retrieve().bodyToMono(String.class).block(Duration.ofSeconds(20));
    }
}
