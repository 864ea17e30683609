package dev.culvert.gateway;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * What the gateway counts, for Prometheus (text format 0.0.4): by service, of which so many have a name as there is room for, all others
 * together are {@code other}. A name gets its place with its first answer, so that nobody fills the places with names that nobody offers. Any
 * thread.
 */
final class GatewayMetrics {
    private static final long QUIET_MILLIS = 3_600_000;

    /** Labels that no service has for itself. */
    private static final Set<String> TAKEN = Set.of("other", "none");

    private final int places;
    private final ConcurrentMap<String, ServiceSeries> byName = new ConcurrentHashMap<>();
    private final ReentrantLock placing = new ReentrantLock();
    private final ServiceSeries nowhere = new ServiceSeries();
    private final ServiceSeries others = new ServiceSeries();

    GatewayMetrics(int places) {
        this.places = places;
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
                    ? byName.computeIfAbsent(service, name -> new ServiceSeries())
                    : others;
        } finally {
            placing.unlock();
        }
    }

    /** Those that were quiet for an hour count among the others from now on, so that no sum goes down. */
    private boolean makeRoom(long nowMillis) {
        boolean some = false;
        for (Map.Entry<String, ServiceSeries> entry : byName.entrySet()) {
            if (entry.getValue().isQuietSince(nowMillis - QUIET_MILLIS)) {
                byName.remove(entry.getKey());
                others.take(entry.getValue());
                some = true;
            }
        }
        return some;
    }

    /** @param connections of clients that are open now */
    String text(int connections) {
        Map<String, ServiceSeries> all = new TreeMap<>();
        byName.forEach((name, series) -> all.put("{service=\"" + escaped(name) + "\"", series));
        all.put("{service=\"other\"", others);
        all.put("{service=\"none\"", nowhere);
        StringBuilder text = new StringBuilder(1024);
        head(text, "culvert_http_connections", "gauge", "Connections of clients that are open.");
        text.append("culvert_http_connections ").append(connections).append('\n');
        requests(text, all);
        seconds(text, all);
        String name = "culvert_http_requests_in_flight";
        each(text, name, "gauge", "Requests that are under way.", all, ServiceSeries::inFlight);
        name = "culvert_http_request_bytes_total";
        each(text, name, "counter", "Bytes of requests' bodies.", all, ServiceSeries::bytesIn);
        name = "culvert_http_response_bytes_total";
        each(text, name, "counter", "Bytes of responses' bodies.", all, ServiceSeries::bytesOut);
        return text.toString();
    }

    private static void requests(StringBuilder text, Map<String, ServiceSeries> all) {
        head(text, "culvert_http_requests_total", "counter", "Requests by class of status; none: the client was gone.");
        all.forEach((labels, series) -> {
            for (int i = 0; i < ServiceSeries.CLASSES.size(); i++) {
                text.append("culvert_http_requests_total").append(labels);
                text.append(",code=\"").append(ServiceSeries.CLASSES.get(i)).append("\"} ");
                text.append(series.requests(i)).append('\n');
            }
        });
    }

    private static void seconds(StringBuilder text, Map<String, ServiceSeries> all) {
        String name = "culvert_http_request_seconds";
        head(text, name, "histogram", "From the first byte of a request to the end of its answer; without tunnels.");
        all.forEach((labels, series) -> {
            List<Long> counts = series.cumulated();
            for (int i = 0; i < counts.size(); i++) {
                boolean last = i == ServiceSeries.BOUNDS_MILLIS.size();
                String bound = last ? "+Inf" : String.valueOf(ServiceSeries.BOUNDS_MILLIS.get(i) / 1000.0);
                text.append(name).append("_bucket").append(labels).append(",le=\"");
                text.append(bound).append("\"} ").append(counts.get(i)).append('\n');
            }
            text.append(name).append("_sum").append(labels).append("} ");
            text.append(series.millis() / 1000.0).append('\n');
            text.append(name).append("_count").append(labels).append("} ");
            text.append(counts.get(counts.size() - 1)).append('\n');
        });
    }

    private static void each(
            StringBuilder text,
            String name,
            String type,
            String help,
            Map<String, ServiceSeries> all,
            ToLongFunction<ServiceSeries> value) {
        head(text, name, type, help);
        all.forEach((labels, series) -> text.append(name)
                .append(labels)
                .append("} ")
                .append(value.applyAsLong(series))
                .append('\n'));
    }

    private static void head(StringBuilder text, String name, String type, String help) {
        text.append("# HELP ").append(name).append(' ').append(help).append('\n');
        text.append("# TYPE ").append(name).append(' ').append(type).append('\n');
    }

    private static String escaped(String label) {
        return label.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
    }
}
