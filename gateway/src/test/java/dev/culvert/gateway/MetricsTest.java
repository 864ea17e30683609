package dev.culvert.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.culvert.gateway.AccessRecord.Asked;
import dev.culvert.gateway.AccessRecord.Outcome;
import dev.culvert.node.RawHttp;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

final class MetricsTest {
    private final GatewayMetrics metrics = new GatewayMetrics(2, () -> 7);

    private void request(String service, int status, long tookMillis, String error, long nowMillis) {
        Asked asked = new Asked("HTTP/1.1", "GET", "host", "/");
        Outcome outcome = new Outcome(3, 5, tookMillis, error, "");
        ServiceSeries begun = service.isEmpty() ? null : metrics.begin(service, nowMillis);
        metrics.end(begun, new AccessRecord(0, "id", "client", "", asked, service, status, outcome), nowMillis);
    }

    @Test
    void counts_by_service_and_class_with_times_and_bytes() {
        request("web", 200, 5, null, 0);
        request("web", 302, 90, null, 0);
        request("web", 0, 70_000, "the client went away", 0);
        request("", 404, 1, "leads to no service", 0);
        assertThat(metrics.text())
                .contains("# TYPE culvert_http_requests_total counter\n")
                .contains("culvert_http_requests_total{code=\"2xx\",service=\"web\"} 1.0\n")
                .contains("culvert_http_requests_total{code=\"3xx\",service=\"web\"} 1.0\n")
                .contains("culvert_http_requests_total{code=\"none\",service=\"web\"} 1.0\n")
                .contains("culvert_http_requests_total{code=\"4xx\",service=\"none\"} 1.0\n")
                .contains("culvert_http_request_seconds_bucket{service=\"web\",le=\"0.005\"} 1\n")
                .contains("culvert_http_request_seconds_bucket{service=\"web\",le=\"0.1\"} 2\n")
                .contains("culvert_http_request_seconds_bucket{service=\"web\",le=\"60.0\"} 2\n")
                .contains("culvert_http_request_seconds_bucket{service=\"web\",le=\"+Inf\"} 3\n")
                .contains("culvert_http_request_seconds_sum{service=\"web\"} 70.095\n")
                .contains("culvert_http_request_bytes_total{service=\"web\"} 9.0\n")
                .contains("culvert_http_response_bytes_total{service=\"web\"} 15.0\n")
                .contains("culvert_http_requests_in_flight{service=\"web\"} 0.0\n")
                .contains("culvert_http_connections 7.0\n");
    }

    @Test
    void names_have_places_as_long_as_there_are_some_and_the_others_never_jump() {
        request("made-up", 404, 1, "nobody offers it", 0);
        request("one", 200, 1, null, 0);
        request("t\"wo\n", 200, 1, null, 0);
        request("three", 200, 1, null, 1);
        request("other", 200, 1, null, 1);
        assertThat(metrics.text())
                .doesNotContain("made-up", "three")
                .contains("{code=\"2xx\",service=\"t\\\"wo\\n\"} 1.0\n")
                .contains("culvert_http_requests_total{code=\"2xx\",service=\"other\"} 2.0\n")
                .contains("culvert_http_requests_total{code=\"4xx\",service=\"other\"} 1.0\n");
        request("one", 200, 1, null, 3_600_000);
        request("three", 200, 1, null, 3_600_001);
        assertThat(metrics.text())
                .as("who was quiet for an hour has made room")
                .doesNotContain("wo\\n")
                .contains("culvert_http_requests_total{code=\"2xx\",service=\"one\"} 2.0\n")
                .contains("culvert_http_requests_total{code=\"2xx\",service=\"three\"} 1.0\n")
                .contains("culvert_http_requests_total{code=\"2xx\",service=\"other\"} 2.0\n");
    }

    @Test
    void they_are_read_by_curl_while_requests_are_under_way() throws Exception {
        try (Site site = new Site()) {
            CountDownLatch answer = new CountDownLatch(1);
            site.serve("slow", stream -> {
                RawHttp.readRequest(stream.input());
                answer.await();
            });
            site.answer("web", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
            Gateway gateway = site.newGateway(GatewayOptions.DEFAULT, Site.ANYONE);
            String web = "http://127.0.0.1:" + site.enter(gateway);
            String metricsUrl = "http://127.0.0.1:" + site.enter(gateway.metrics()) + "/metrics";
            assertThat(Curl.run("-H", "culvert-target: web", "-d", "hello", web))
                    .isEqualTo("ok");
            try (var socket = RawHttp.connect(Integer.parseInt(web.substring(web.lastIndexOf(':') + 1)))) {
                RawHttp.write(socket, "GET / HTTP/1.1\r\nHost: slow.localhost\r\n\r\n");
                await().atMost(Site.PATIENCE)
                        .untilAsserted(() -> assertThat(Curl.run(metricsUrl))
                                .contains("culvert_http_requests_in_flight{service=\"other\"} 1.0\n"));
            }
            assertThat(Curl.run(metricsUrl))
                    .contains("culvert_http_requests_total{code=\"2xx\",service=\"web\"} 1.0\n")
                    .contains("culvert_http_request_bytes_total{service=\"web\"} 5.0\n")
                    .contains("culvert_http_response_bytes_total{service=\"web\"} 2.0\n");
            assertThat(Curl.run("-w", "%{http_code}", "-H", "Host: evil.example", metricsUrl))
                    .contains("expected an address")
                    .endsWith("421");
            assertThat(Curl.run("-w", "%{http_code}", metricsUrl + "/x")).endsWith("404");
            answer.countDown();
        }
    }
}
