package dev.culvert.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * The network of a test class: four machines around a router, made before its first test and taken apart after its last.
 *
 * <pre>
 *     relay  10.77.1.2 ─┐            ┌─ 10.77.3.2 agent    behind NAT; refuses every inbound connection
 *     relay2 10.77.2.2 ─┴── router ──┴─ 10.77.4.2 caller
 * </pre>
 *
 * Each machine has an IPv6 address too, {@code fd77:n::2}. Used by the test thread. A failed test prints what every program said, and a
 * program that reported a leaked buffer fails the class.
 */
final class Lab implements BeforeAllCallback, AfterAllCallback, AfterEachCallback {
    private final Set<String> behindNats;
    private final List<Host> hosts = new ArrayList<>();
    private final Thread rescue = new Thread(this::removeNamespaces, "lab-rescue");
    private Network network;
    private Path directory;

    Lab() {
        this(Set.of());
    }

    private Lab(Set<String> behindNats) {
        this.behindNats = behindNats;
    }

    /** The same, but agent and caller each stand behind a {@link Nat} of their own. */
    static Lab withTwoNats() {
        return new Lab(Set.of("agent", "caller"));
    }

    @Override
    public void beforeAll(ExtensionContext context) throws IOException {
        NetNs.removeStale();
        directory = Files.createTempDirectory("culvert-it");
        Runtime.getRuntime().addShutdownHook(rescue);
        Path bin = Programs.installIn(Files.createDirectory(directory.resolve("bin")));
        network = Network.create(behindNats);
        for (Network.Member member : network.members()) {
            Path home = Files.createDirectory(directory.resolve(member.role()));
            hosts.add(new Host(member.namespace(), member.address(), member.address6(), home, bin));
        }
    }

    Host relay() {
        return hosts.get(0);
    }

    Host relay2() {
        return hosts.get(1);
    }

    Host agent() {
        return hosts.get(2);
    }

    Host caller() {
        return hosts.get(3);
    }

    /** From now on the router drops every packet from and to {@code host}, and nobody is told. */
    void cut(Host host) {
        network.cut(host.namespace());
    }

    /** As {@link #cut}, but only what is on its way to {@code host}: what it says is still heard. */
    void cutTowards(Host host) {
        network.cutTowards(host.namespace());
    }

    /** Ends a {@link #cut} or {@link #cutTowards}. */
    void mend(Host host) {
        network.mend(host.namespace());
    }

    /** The NAT in front of {@code host} restarts: it forgets all connections and says nothing. For {@link #withTwoNats}. */
    void restartNatOf(Host host) {
        network.natOf(host.namespace()).restart();
    }

    /** Where the NATs stand in the network. For {@link #withTwoNats}. */
    List<String> natAddresses() {
        return network.natAddresses();
    }

    /** Ends every program that was started, whatever became of the test that did it. */
    void stopPrograms() {
        hosts.forEach(host -> host.procs().forEach(Proc::close));
    }

    /** A printed summary of all programs. */
    String transcripts() {
        StringBuilder all = new StringBuilder();
        hosts.forEach(host -> all.append(host.transcripts()));
        return all.toString();
    }

    @Override
    public void afterEach(ExtensionContext context) {
        if (context.getExecutionException().isPresent()) {
            System.out.println(context.getDisplayName() + " failed. What the programs said:" + transcripts());
        }
    }

    @Override
    public void afterAll(ExtensionContext context) throws IOException {
        stopPrograms();
        String leaks = leaks();
        removeNamespaces();
        Runtime.getRuntime().removeShutdownHook(rescue);
        deleteDirectory();
        if (!leaks.isEmpty()) {
            throw new AssertionError("leaked buffers:" + leaks);
        }
    }

    private String leaks() {
        StringBuilder leaks = new StringBuilder();
        hosts.stream()
                .flatMap(host -> host.procs().stream())
                .filter(proc -> proc.printed("LEAK: "))
                .forEach(proc -> leaks.append(proc.transcript()));
        return leaks.toString();
    }

    private void removeNamespaces() {
        hosts.forEach(Host::close);
        if (network != null) {
            network.close();
        }
    }

    private void deleteDirectory() {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
