package dev.culvert.cli;

import picocli.CommandLine.Option;

/** Options about how the targets of a command are spoken to. Owned by the main thread. */
final class TargetFlags {
    @Option(
            names = "--target-ca",
            paramLabel = "FILE",
            description = "Authorities, in PEM, of targets as https://host:8443, in place of the system's.")
    private String targetCa = "";

    @Option(
            names = "--target-insecure",
            description = "Take any certificate of targets as https://host:8443. Whoever is between reads all.")
    private boolean targetInsecure;

    @Option(
            names = "--host-header",
            paramLabel = "HOST",
            description = {
                "What HTTP requests through a relay's gateway name as their host, for servers that know one only;",
                "'target' stands for the target's own. By default it stays as it came."
            })
    private String hostHeader = "";

    @Option(
            names = "--proxy-protocol",
            paramLabel = "VERSION",
            description = "Tell targets the address of callers, as v1 (text) or v2 (binary).")
    private String proxyProtocol = "";

    @Option(
            names = "--http2",
            description = "A relay's gateway speaks HTTP/2 to targets, not for gRPC alone; with https:// by ALPN.")
    private boolean http2;

    TargetWords words() {
        return new TargetWords(targetCa, targetInsecure, hostHeader, proxyProtocol, http2);
    }
}
