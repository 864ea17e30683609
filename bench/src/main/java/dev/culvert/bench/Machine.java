package dev.culvert.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What everything runs on, in lines for a reader. <em>Stateless.</em> */
final class Machine {
    private Machine() {}

    static List<String> describe(Settings settings, Path errors) throws IOException {
        List<String> lines = new ArrayList<>();
        lines.add("machine: " + field(Path.of("/proc/cpuinfo"), "model name") + ", "
                + Runtime.getRuntime().availableProcessors() + " processors, "
                + field(Path.of("/proc/meminfo"), "MemTotal") + ", Linux " + System.getProperty("os.version")
                + ", load " + first(Path.of("/proc/loadavg"), 3));
        lines.add("java: " + System.getProperty("java.vm.name") + " " + System.getProperty("java.runtime.version")
                + ", flags "
                + String.join(" ", ManagementFactory.getRuntimeMXBean().getInputArguments()));
        lines.add("yardstick: " + yardstick(settings, errors));
        lines.add(
                "network: "
                        + (settings.fast().isEmpty()
                                ? "the machine's own loopback, congestion control "
                                        + first(Path.of("/proc/sys/net/ipv4/tcp_congestion_control"), 1)
                                : "loopback of a namespace, congestion control cubic")
                        + (settings.slow().isEmpty()
                                ? "; no slow link"
                                : "; slow links: loopback of two namespaces, tbf 200 Mbit/s, in one with packets as on a wire"));
        lines.add("rounds: " + settings.rounds() + (settings.quick() ? ", quick: figures mean nothing" : ""));
        return lines;
    }

    private static String yardstick(Settings settings, Path errors) {
        Child child = new Child("go peer", Commands.fast(settings).go("version"), errors);
        try (child) {
            return child.nextText(10).replace("result ", "");
        }
    }

    private static String field(Path file, String name) throws IOException {
        try (var lines = Files.lines(file)) {
            return lines.filter(line -> line.startsWith(name))
                    .map(line -> line.substring(line.indexOf(':') + 1).trim())
                    .findFirst()
                    .orElse("unknown");
        }
    }

    private static String first(Path file, int words) throws IOException {
        return String.join(
                " ", List.of(Files.readString(file).trim().split("\\s+")).subList(0, words));
    }
}
