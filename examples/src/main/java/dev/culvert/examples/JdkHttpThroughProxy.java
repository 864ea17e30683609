package dev.culvert.examples;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

/**
 * The JDK's own HTTP client, which takes no sockets, through {@code culvert proxy 8888} on this machine: {@code java ...
 * JdkHttpThroughProxy 8888 http://edge7.web/}. The program needs nothing of ours, so it may as well be in another language.
 */
public final class JdkHttpThroughProxy {
    private JdkHttpThroughProxy() {}

    public static void main(String[] args) throws IOException, InterruptedException {
        System.out.println(get(
                client(new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(args[0]))), args[1]));
    }

    static HttpClient client(InetSocketAddress proxy) {
        return HttpClient.newBuilder()
                .proxy(ProxySelector.of(proxy))
                .version(HttpClient.Version.HTTP_1_1)
                .build();
    }

    static String get(HttpClient client, String url) throws IOException, InterruptedException {
        HttpResponse<String> response =
                client.send(HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofString());
        return response.statusCode() + " " + response.body();
    }
}
