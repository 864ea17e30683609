package dev.culvert.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.culvert.api.DialException;
import dev.culvert.node.CulvertNode;
import dev.culvert.node.Target;
import dev.culvert.node.proxy.Proxy;
import dev.culvert.node.proxy.ProxyOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Runs the recipes against a real server beside an agent. */
@Timeout(60)
final class RecipesTest {
    private static final byte[] BIG = new byte[1 << 20];

    @TempDir
    Path state;

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private Behind behind;
    private HttpServer server;

    @BeforeEach
    void start() throws IOException {
        behind = new Behind(state);
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/hello", exchange -> answer(exchange, "hello over a stream".getBytes(UTF_8)));
        server.createContext("/big", exchange -> answer(exchange, BIG));
        server.createContext(
                "/echo", exchange -> answer(exchange, exchange.getRequestBody().readAllBytes()));
        server.start();
        behind.expose("web", "127.0.0.1:" + server.getAddress().getPort());
    }

    @AfterEach
    void close() {
        behind.close();
        server.stop(0);
        threads.shutdownNow();
    }

    @Test
    void okhttp_asks_a_server_behind_an_agent_by_name() throws IOException {
        OkHttpClient client = OkHttpByName.client(behind.caller);
        try {
            assertThat(OkHttpByName.get(client, "http://web/hello")).isEqualTo("200 hello over a stream");
            assertThat(OkHttpByName.get(client, "http://" + behind.agent.name() + ".web/hello"))
                    .isEqualTo("200 hello over a stream");
            assertThat(OkHttpByName.get(client, "http://web/nothing")).startsWith("404");
            assertThat(OkHttpByName.get(client, "http://web/big")).hasSize("200 ".length() + BIG.length);
            Request echo = new Request.Builder()
                    .url("http://web/echo")
                    .post(RequestBody.create(BIG))
                    .build();
            try (Response response = client.newCall(echo).execute()) {
                assertThat(response.body().bytes()).isEqualTo(BIG);
            }
            assertThat(client.connectionPool().connectionCount()).isEqualTo(2);
            assertThatThrownBy(() -> OkHttpByName.get(client, "http://nobody/"))
                    .isInstanceOf(UnknownHostException.class)
                    .hasCauseInstanceOf(DialException.class);
        } finally {
            client.dispatcher().executorService().shutdown();
            client.connectionPool().evictAll();
        }
    }

    @Test
    void apache_httpclient_asks_by_name_and_pools_its_streams() throws IOException {
        try (CloseableHttpClient client = HttpClient5ByName.client(behind.caller)) {
            assertThat(HttpClient5ByName.get(client, "http://web/hello")).isEqualTo("200 hello over a stream");
            assertThat(HttpClient5ByName.get(client, "http://" + behind.agent.name() + ".web/hello"))
                    .isEqualTo("200 hello over a stream");
            assertThat(HttpClient5ByName.get(client, "http://web/big")).hasSize("200 ".length() + BIG.length);
            HttpPost echo = new HttpPost("http://web/echo");
            echo.setEntity(new ByteArrayEntity(BIG, ContentType.APPLICATION_OCTET_STREAM));
            byte[] echoed = client.execute(echo, response -> EntityUtils.toByteArray(response.getEntity()));
            assertThat(echoed).isEqualTo(BIG);
            assertThatThrownBy(() -> HttpClient5ByName.get(client, "http://nobody/"))
                    .isInstanceOf(UnknownHostException.class)
                    .hasCauseInstanceOf(DialException.class);
        }
    }

    @Test
    void the_clients_of_the_jdk_ask_through_the_proxy() throws Exception {
        InetSocketAddress proxy = (InetSocketAddress)
                ((CulvertNode) behind.caller).enter(Target.parse("127.0.0.1:0"), new Proxy(ProxyOptions.DEFAULT));
        HttpClient client = JdkHttpThroughProxy.client(proxy);

        assertThat(JdkHttpThroughProxy.get(client, "http://web/hello")).isEqualTo("200 hello over a stream");
        assertThat(JdkHttpThroughProxy.get(client, "http://web/big")).hasSize("200 ".length() + BIG.length);
        assertThat(JdkHttpThroughProxy.get(client, "http://nobody/")).startsWith("404");
    }

    private static void answer(HttpExchange exchange, byte[] body) throws IOException {
        try (exchange) {
            exchange.sendResponseHeaders(200, body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
        }
    }
}
