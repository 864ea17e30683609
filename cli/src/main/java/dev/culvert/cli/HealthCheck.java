package dev.culvert.cli;

import dev.culvert.node.Target;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** Whether a local app is well. Any thread; blocks for a few seconds at most. */
interface HealthCheck {
    /** Empty if it is well, else what is wrong. */
    String fault() throws InterruptedException;

    /** How it is named in messages. */
    String text();

    /**
     * Reads {@code http://host:port/path}, {@code https://...}, or a target as {@code 8080} that must accept connections. Empty: the
     * service's own target must.
     */
    static HealthCheck parse(String text, Target own) throws Failure {
        try {
            if (text.isEmpty()) {
                return new Connects(own);
            }
            if (!text.startsWith("http://") && !text.startsWith("https://")) {
                return new Connects(Target.parse(text));
            }
            URI uri = URI.create(text);
            if (uri.getHost() == null) {
                throw new IllegalArgumentException("no host");
            }
            return new Answers(
                    uri,
                    HttpClient.newBuilder()
                            .version(HttpClient.Version.HTTP_1_1)
                            .connectTimeout(Answers.PATIENCE)
                            .build());
        } catch (IllegalArgumentException e) {
            throw Failure.usage("--check " + text
                    + ": expected http://host:port/path, or a target that must accept connections, as 8080");
        }
    }

    /** The target accepts connections. */
    record Connects(Target target) implements HealthCheck {
        @Override
        public String fault() {
            return TargetCheck.of(target).fault();
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
                int status = client.send(request, HttpResponse.BodyHandlers.discarding())
                        .statusCode();
                return status >= 200 && status < 400 ? "" : "status " + status + " (expected: 200 to 399)";
            } catch (IOException e) {
                String message = e.getMessage();
                return message == null || message.isEmpty() ? e.getClass().getSimpleName() : message;
            }
        }

        @Override
        public String text() {
            return uri.toString();
        }
    }
}
