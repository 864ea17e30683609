package dev.culvert.cli;

import dev.culvert.node.ProxyProtocol;
import dev.culvert.node.Target;
import dev.culvert.node.TargetOptions;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Whether a local app is well. Any thread; blocks for a few seconds at most. */
interface HealthCheck {
    /** Empty if it is well, else what is wrong. */
    String fault() throws InterruptedException;

    /** How it is named in messages. */
    String text();

    /**
     * Reads {@code http://host:port/path}, {@code https://...}, or a target as {@code 8080} that must accept connections. Empty: the
     * service's own target must. Pages and targets are spoken to as the service's own is.
     */
    static HealthCheck parse(String text, Target own, TargetOptions options) throws Failure {
        try {
            if (text.isEmpty()) {
                return new Connects(own, options);
            }
            if (!text.startsWith("http://") && !text.startsWith("https://")) {
                Target other = Target.parse(text);
                return new Connects(other, other.equals(own) ? options : TargetOptions.DEFAULT);
            }
            URI uri = URI.create(text);
            if (uri.getHost() == null) {
                throw new IllegalArgumentException("no host");
            }
            boolean proxied = options.proxyProtocol() != ProxyProtocol.NONE;
            return proxied && isAt(uri, own) ? new Proxied(uri, own, options) : new Answers(uri, client(uri, options));
        } catch (IllegalArgumentException e) {
            throw Failure.usage("--check " + text
                    + ": expected http://host:port/path, or a target that must accept connections, as 8080");
        }
    }

    private static boolean isAt(URI uri, Target own) {
        boolean secure = uri.getScheme().equals("https");
        int port = uri.getPort() >= 0 ? uri.getPort() : secure ? 443 : 80;
        Target.Tcp there = new Target.Tcp(uri.getHost().replaceAll("^\\[|]$", ""), port);
        return own.equals(secure ? new Target.Https(there) : there);
    }

    private static HttpClient client(URI uri, TargetOptions options) {
        HttpClient.Builder client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(Answers.PATIENCE);
        if (uri.getScheme().equals("https")) {
            client.sslContext(options.trust().context());
            client.version(options.http2() ? HttpClient.Version.HTTP_2 : HttpClient.Version.HTTP_1_1);
        }
        return client.build();
    }

    /** Empty if it says that all is well. */
    private static String fault(int status) {
        return status >= 200 && status < 400 ? "" : "status " + status + " (expected: 200 to 399)";
    }

    private static String fault(IOException failure) {
        String message = failure.getMessage();
        return message == null || message.isEmpty() ? failure.getClass().getSimpleName() : message;
    }

    /** The target accepts connections. */
    record Connects(Target target, TargetOptions options) implements HealthCheck {
        @Override
        public String fault() {
            return TargetCheck.of(target, options).fault();
        }

        @Override
        public String text() {
            return target.toString();
        }
    }

    /** A GET is answered with a status from 200 to 399. */
    record Answers(URI uri, HttpClient client) implements HealthCheck {
        static final Duration PATIENCE = Duration.ofSeconds(5);

        @Override
        public String fault() throws InterruptedException {
            HttpRequest request =
                    HttpRequest.newBuilder(uri).timeout(PATIENCE).GET().build();
            try {
                return HealthCheck.fault(client.send(request, HttpResponse.BodyHandlers.discarding())
                        .statusCode());
            } catch (IOException e) {
                return HealthCheck.fault(e);
            }
        }

        @Override
        public String text() {
            return uri.toString();
        }
    }

    /** The same at a target that is told who calls, which the JDK's client does not know how to say. */
    record Proxied(URI uri, Target target, TargetOptions options) implements HealthCheck {
        private static final int LONGEST = 1024;

        @Override
        public String fault() {
            // one connection in HTTP/1.1, whatever gateways speak
            try (Socket socket =
                    TargetSocket.open(target, options.withHttp2(false), (int) Answers.PATIENCE.toMillis())) {
                String path = uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
                String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
                socket.getOutputStream()
                        .write(("GET " + path + query + " HTTP/1.1\r\nHost: " + uri.getRawAuthority()
                                        + "\r\nConnection: close\r\n\r\n")
                                .getBytes(StandardCharsets.US_ASCII));
                String line = statusLine(socket.getInputStream());
                return line.matches("HTTP/1\\.[01] \\d{3}.*")
                        ? HealthCheck.fault(Integer.parseInt(line.substring(9, 12)))
                        : "an answer that is no HTTP (expected: 200 to 399)";
            } catch (IOException e) {
                return HealthCheck.fault(e);
            }
        }

        private static String statusLine(InputStream in) throws IOException {
            StringBuilder line = new StringBuilder();
            for (int next = in.read(); next >= ' ' && line.length() < LONGEST; next = in.read()) {
                line.append((char) next);
            }
            return line.toString();
        }

        @Override
        public String text() {
            return uri.toString();
        }
    }
}
