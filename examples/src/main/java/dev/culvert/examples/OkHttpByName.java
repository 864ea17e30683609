package dev.culvert.examples;

import dev.culvert.api.Node;
import dev.culvert.api.net.NamedAddress;
import java.io.IOException;
import java.util.List;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;

/**
 * Asks a web server on a machine that cannot be dialled, with OkHttp: {@code CULVERT_JOIN='culvert://...' java ... OkHttpByName
 * http://edge7.web/}. OkHttp looks names up before it connects, so the look-up only wraps the name.
 */
public final class OkHttpByName {
    private OkHttpByName() {}

    public static void main(String[] args) throws IOException {
        try (Node node = Node.join(System.getenv("CULVERT_JOIN"))) {
            System.out.println(get(client(node), args[0]));
        }
    }

    /** Keep one for all requests: it pools connections, here streams. */
    static OkHttpClient client(Node node) {
        return new OkHttpClient.Builder()
                .socketFactory(node.socketFactory())
                .dns(host -> List.of(NamedAddress.of(host)))
                .build();
    }

    static String get(OkHttpClient client, String url) throws IOException {
        Request request = new Request.Builder().url(url).build();
        try (Response response = client.newCall(request).execute()) {
            return response.code() + " " + response.body().string();
        }
    }
}
