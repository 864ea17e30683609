package dev.culvert.gateway;

import io.prometheus.metrics.config.EscapingScheme;
import io.prometheus.metrics.config.PrometheusProperties;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What the gateway counts, for Prometheus (text format 0.0.4): by service, of which so many have a name as there is room for, all others
 * together are {@code other}. A name gets its place with its first answer, so that nobody fills the places with names that nobody offers. Any
 * thread.
 */
final class GatewayMetrics {
    /** Of what is written. */
    static final String CONTENT_TYPE = PrometheusTextFormatWriter.CONTENT_TYPE;

    private static final long QUIET_MILLIS = 3_600_000;

    /** Labels that no service has for itself. */
    private static final Set<String> TAKEN = Set.of("other", "none");

    private final int places;
    private final PrometheusRegistry registry = new PrometheusRegistry();
    private final PrometheusTextFormatWriter writer = PrometheusTextFormatWriter.create();
    private final ServiceMetrics metrics;
    private final ConcurrentMap<String, ServiceSeries> byName = new ConcurrentHashMap<>();
    private final ReentrantLock placing = new ReentrantLock();
    private final ServiceSeries nowhere;
    private final ServiceSeries others;

    /**
     * @param places how many services have a name
     * @param connections of clients that are open now
     */
    GatewayMetrics(int places, IntSupplier connections) {
        this.places = places;
        // defaults, whatever files and system properties say
        PrometheusProperties config = PrometheusProperties.builder().build();
        GaugeWithCallback.builder(config)
                .name("culvert_http_connections")
                .help("Connections of clients that are open.")
                .callback(callback -> callback.call(connections.getAsInt()))
                .register(registry);
        this.metrics = new ServiceMetrics(config, registry);
        this.nowhere = metrics.series("none");
        this.others = metrics.series("other");
    }

    /** A request to a service has begun; the result is ended with it. */
    ServiceSeries begin(String service, long nowMillis) {
        ServiceSeries series = byName.getOrDefault(service, others);
        series.begin(nowMillis);
        return series;
    }

    /** @param begun null: it never came so far */
    void end(@Nullable ServiceSeries begun, AccessRecord record, long nowMillis) {
        if (begun != null) {
            begun.end();
        }
        boolean answered = record.outcome().error() == null && !TAKEN.contains(record.service());
        ServiceSeries series = record.service().isEmpty()
                ? nowhere
                : answered ? placed(record.service(), nowMillis) : byName.getOrDefault(record.service(), others);
        boolean tunnel = record.status() == 101 || record.request().protocol().equals("TLS");
        series.count(record.status(), record.outcome(), !tunnel, nowMillis);
    }

    private ServiceSeries placed(String service, long nowMillis) {
        ServiceSeries present = byName.get(service);
        if (present != null) {
            return present;
        }
        placing.lock();
        try {
            return byName.size() < places || makeRoom(nowMillis)
                    ? byName.computeIfAbsent(service, metrics::series)
                    : others;
        } finally {
            placing.unlock();
        }
    }

    /**
     * Those that were quiet for an hour end. Their counts end with them: added to the others, they would look like that many requests in one
     * moment.
     */
    private boolean makeRoom(long nowMillis) {
        boolean some = false;
        for (Map.Entry<String, ServiceSeries> entry : byName.entrySet()) {
            if (entry.getValue().isQuietSince(nowMillis - QUIET_MILLIS)) {
                byName.remove(entry.getKey());
                metrics.remove(entry.getKey());
                some = true;
            }
        }
        return some;
    }

    String text() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(4096);
        try {
            writer.write(bytes, registry.scrape(), EscapingScheme.DEFAULT);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
