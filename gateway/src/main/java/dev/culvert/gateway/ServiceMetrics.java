package dev.culvert.gateway;

import io.prometheus.metrics.config.PrometheusProperties;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.List;

/** The metrics that have a label for the service. Any thread. */
final class ServiceMetrics {
    /** By the first digit of the status; without one the client was gone. */
    private static final List<String> CLASSES = List.of("none", "1xx", "2xx", "3xx", "4xx", "5xx");

    private final PrometheusProperties config;
    private final PrometheusRegistry registry;
    private final Counter requests;
    private final Histogram seconds;
    private final Gauge inFlight;
    private final Counter bytesIn;
    private final Counter bytesOut;

    ServiceMetrics(PrometheusProperties config, PrometheusRegistry registry) {
        this.config = config;
        this.registry = registry;
        this.requests = counter(
                "culvert_http_requests_total",
                "Requests by class of status; none: the client was gone.",
                "service",
                "code");
        this.seconds = Histogram.builder(config)
                .name("culvert_http_request_seconds")
                .help("From the first byte of a request to the end of its answer; without tunnels.")
                .labelNames("service")
                .classicOnly()
                .classicUpperBounds(0.005, 0.025, 0.1, 0.25, 0.5, 1, 2.5, 10, 60)
                .withoutExemplars()
                .register(registry);
        this.inFlight = Gauge.builder(config)
                .name("culvert_http_requests_in_flight")
                .help("Requests that are under way.")
                .labelNames("service")
                .withoutExemplars()
                .register(registry);
        this.bytesIn = counter("culvert_http_request_bytes_total", "Bytes of requests' bodies.", "service");
        this.bytesOut = counter("culvert_http_response_bytes_total", "Bytes of responses' bodies.", "service");
    }

    private Counter counter(String name, String help, String... labels) {
        return Counter.builder(config)
                .name(name)
                .help(help)
                .labelNames(labels)
                .withoutExemplars()
                .register(registry);
    }

    /** Looked up once, so that a request does not. */
    ServiceSeries series(String service) {
        return new ServiceSeries(
                CLASSES.stream()
                        .map(code -> requests.labelValues(service, code))
                        .toList(),
                seconds.labelValues(service),
                inFlight.labelValues(service),
                bytesIn.labelValues(service),
                bytesOut.labelValues(service));
    }

    void remove(String service) {
        CLASSES.forEach(code -> requests.remove(service, code));
        seconds.remove(service);
        inFlight.remove(service);
        bytesIn.remove(service);
        bytesOut.remove(service);
    }
}
