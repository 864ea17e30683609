package dev.culvert.examples;

import dev.culvert.api.Node;
import dev.culvert.netty.CulvertAddress;
import dev.culvert.netty.CulvertChannel;
import dev.culvert.netty.CulvertServerChannel;
import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.resolver.NoopAddressResolverGroup;
import java.io.IOException;
import org.springframework.http.client.reactive.ReactorClientHttpConnector;
import org.springframework.http.server.reactive.HttpHandler;
import org.springframework.http.server.reactive.ReactorHttpHandlerAdapter;
import org.springframework.web.reactive.function.client.WebClient;
import reactor.netty.DisposableServer;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.server.HttpServer;
import reactor.netty.resources.LoopResources;

/**
 * reactor-netty, which Spring WebFlux stands on, as client and as server: {@code CULVERT_JOIN='culvert://...' java ... WebFluxByName
 * http://edge7.web/}. In Spring Boot, {@link #client} and {@link #server} are what customizers do to its {@code HttpClient} and {@code
 * HttpServer}.
 */
public final class WebFluxByName {
    private WebFluxByName() {}

    public static void main(String[] args) throws IOException {
        LoopResources loops = LoopResources.create("web");
        try (Node node = Node.join(System.getenv("CULVERT_JOIN"))) {
            System.out.println(web(node, loops)
                    .get()
                    .uri(args[0])
                    .retrieve()
                    .bodyToMono(String.class)
                    .block());
        } finally {
            loops.dispose();
        }
    }

    static WebClient web(Node node, LoopResources loops) {
        return WebClient.builder()
                .clientConnector(new ReactorClientHttpConnector(client(HttpClient.create(), node, loops)))
                .build();
    }

    /** Requests go to the host of their URL, by its name. */
    static HttpClient client(HttpClient client, Node node, LoopResources loops) {
        return client.runOn(new Streams(node, loops), false).resolver(NoopAddressResolverGroup.INSTANCE);
    }

    /** No port is opened. */
    static DisposableServer serve(Node node, String name, HttpHandler handler, LoopResources loops) {
        return server(HttpServer.create(), node, name, loops)
                .handle(new ReactorHttpHandlerAdapter(handler))
                .bindNow();
    }

    static HttpServer server(HttpServer server, Node node, String name, LoopResources loops) {
        return server.runOn(new Streams(node, loops), false).bindAddress(() -> CulvertAddress.of(name));
    }

    /** Loops as they are, with channels that are streams. */
    private record Streams(Node node, LoopResources loops) implements LoopResources {
        @Override
        @SuppressWarnings("unchecked")
        public <C extends Channel> C onChannel(Class<C> type, EventLoopGroup group) {
            return (C)
                    (ServerChannel.class.isAssignableFrom(type)
                            ? CulvertServerChannel.factory(node).newChannel()
                            : CulvertChannel.factory(node).newChannel());
        }

        @Override
        public EventLoopGroup onClient(boolean useNative) {
            return loops.onClient(useNative);
        }

        @Override
        public EventLoopGroup onServer(boolean useNative) {
            return loops.onServer(useNative);
        }

        @Override
        public EventLoopGroup onServerSelect(boolean useNative) {
            return loops.onServerSelect(useNative);
        }
    }
}
