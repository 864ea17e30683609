package dev.culvert.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * One Linux network namespace of this run. Any thread. Its name holds the process id of the test run, so that runs do not meet
 * and what a killed run left behind can be told and removed by the next one.
 */
final class NetNs implements AutoCloseable {
    private static final String PREFIX = "culvert-it-";
    private static final Path PER_NAMESPACE_ETC = Path.of("/etc/netns");
    private static final AtomicInteger COUNT = new AtomicInteger();

    private final String name;

    private NetNs(String name) {
        this.name = name;
    }

    /** A new namespace with its loopback up and loss-based congestion control, whatever the machine's default is. */
    static NetNs create(String role) {
        String name = PREFIX + ProcessHandle.current().pid() + "-" + COUNT.incrementAndGet() + "-" + role;
        Shell.run(List.of("ip", "netns", "add", name)).orFail();
        NetNs created = new NetNs(name);
        created.run("ip", "link", "set", "lo", "up");
        created.run("sh", "-c", "echo cubic > /proc/sys/net/ipv4/tcp_congestion_control || true");
        return created;
    }

    /** Why namespaces cannot be used here; empty if they can. */
    static String obstacle() {
        for (String program : List.of("ip", "nft", "curl", "nc")) {
            if (Shell.run(List.of("sh", "-c", "command -v " + program)).exitCode() != 0) {
                return "program " + program
                        + " is missing (expected: iproute2, nftables, curl and netcat-openbsd installed)";
            }
        }
        String probe = PREFIX + ProcessHandle.current().pid() + "-probe";
        Shell.Result add = Shell.run(List.of("ip", "netns", "add", probe));
        if (add.exitCode() != 0) {
            return "network namespaces are not permitted: " + add.err().strip();
        }
        Shell.Result nft = Shell.run(List.of("ip", "netns", "exec", probe, "nft", "add", "table", "inet", "probe"));
        Shell.run(List.of("ip", "netns", "del", probe)).orFail();
        return nft.exitCode() == 0
                ? ""
                : "nftables is not permitted: " + nft.err().strip();
    }

    /** Removes the namespaces of runs whose process is gone. */
    static void removeStale() {
        for (String line :
                Shell.run(List.of("ip", "netns", "list")).orFail().out().split("\n")) {
            String candidate = line.split(" ")[0];
            if (candidate.startsWith(PREFIX) && !ownerLives(candidate)) {
                new NetNs(candidate).close();
            }
        }
    }

    private static boolean ownerLives(String candidate) {
        long pid = Long.parseLong(candidate.substring(PREFIX.length()).split("-")[0]);
        return ProcessHandle.of(pid).isPresent();
    }

    String name() {
        return name;
    }

    /** {@code command} as it must be started to run in here; the process id stays the program's own. */
    List<String> entering(List<String> command) {
        List<String> entered = new ArrayList<>(List.of("ip", "netns", "exec", name));
        entered.addAll(command);
        return entered;
    }

    Shell.Result run(String... command) {
        return Shell.run(entering(List.of(command))).orFail();
    }

    /** Loads nftables rules in here. */
    void nft(String rules) {
        Shell.run(entering(List.of("nft", "-f", "-")), rules).orFail();
    }

    /** What programs in here find as {@code /etc/hosts}. Must be said before they start. */
    void hostsFile(String content) {
        try {
            Path directory = Files.createDirectories(PER_NAMESPACE_ETC.resolve(name));
            Files.writeString(directory.resolve("hosts"), content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Joins this namespace to {@code other} by a veth pair; each side's device is named after the peer's role. */
    void linkTo(NetNs other, String deviceHere, String deviceThere) {
        Shell.run(List.of(
                        "ip",
                        "link",
                        "add",
                        deviceHere,
                        "netns",
                        name,
                        "type",
                        "veth",
                        "peer",
                        "name",
                        deviceThere,
                        "netns",
                        other.name))
                .orFail();
        run("ip", "link", "set", deviceHere, "up");
        other.run("ip", "link", "set", deviceThere, "up");
    }

    /** Idempotent. */
    @Override
    public void close() {
        Shell.run(List.of("ip", "netns", "del", name));
        try (Stream<Path> files = Files.exists(etc()) ? Files.walk(etc()) : Stream.empty()) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path etc() {
        return PER_NAMESPACE_ETC.resolve(name);
    }
}
