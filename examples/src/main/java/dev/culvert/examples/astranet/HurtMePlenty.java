package dev.culvert.examples.astranet;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.culvert.api.BindOptions;
import dev.culvert.api.Binding;
import dev.culvert.api.DialException;
import dev.culvert.api.Node;
import dev.culvert.api.net.NamedAddress;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import okhttp3.ConnectionPool;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;

/**
 * Many HTTP requests, each on a stream of its own, to a name that several machines offer, while they come and go. A request that
 * reached nobody is said to be so, and is made again; no other may fail.
 */
public final class HurtMePlenty {
    private static final String NAME = "plenty";
    private static final int MAX_TRIES = 50;
    private static final byte[] ANSWER =
            "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello".getBytes(US_ASCII);

    private final OkHttpClient client;

    public HurtMePlenty(Node caller) {
        this.client = new OkHttpClient.Builder()
                .socketFactory(caller.socketFactory())
                .dns(host -> List.of(NamedAddress.of(host)))
                .connectionPool(new ConnectionPool(0, 1, TimeUnit.SECONDS))
                .build();
    }

    /** One of the machines; closing the result takes it away, for callers to come. */
    static Binding offer(Node node) throws IOException {
        return node.bind(NAME, BindOptions.DEFAULT.withShared(true), stream -> {
            byte[] head = new byte[8192];
            int length = 0;
            while (!ends(head, length)) {
                int bytes = stream.input().read(head, length, head.length - length);
                if (bytes <= 0) {
                    return;
                }
                length += bytes;
            }
            stream.output().write(ANSWER);
        });
    }

    /** Whether the head of a request is complete: it ends with an empty line, and no body follows. */
    private static boolean ends(byte[] head, int length) {
        return length >= 4 && head[length - 4] == '\r' && head[length - 2] == '\r' && head[length - 1] == '\n';
    }

    /** Returns the answer. */
    public String get() throws IOException {
        for (int tries = 1; ; tries++) {
            Request request = new Request.Builder().url("http://" + NAME + "/").build();
            try (Response response = client.newCall(request).execute()) {
                return response.body().string();
            } catch (IOException e) {
                if (!reachedNobody(e) || tries == MAX_TRIES) {
                    throw e;
                }
            }
        }
    }

    private static boolean reachedNobody(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof DialException refusal) {
                return refusal.notDelivered();
            }
        }
        return false;
    }

    /** Ends the client's threads. */
    public void close() {
        client.dispatcher().executorService().shutdown();
        client.connectionPool().evictAll();
    }
}
