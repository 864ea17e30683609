package dev.culvert.it;

/**
 * A router that hides one machine behind its own address, as those at home and of carriers do: what was not asked for from within is
 * dropped without a word, at its own address too. Used by one thread.
 *
 * <pre>
 *     router ── 10.77.n.2 (masquerade) 192.168.77.1 ── 192.168.77.2 the machine
 * </pre>
 */
final class Nat implements AutoCloseable {
    /** Towards the network. */
    static final String OUTSIDE = "outside";

    private static final String HERE = "192.168.77.1";
    private static final String HIDDEN = "192.168.77.2";

    private final NetNs namespace;
    private int starts;

    private Nat(NetNs namespace) {
        this.namespace = namespace;
    }

    /** In front of {@code machine}, which gets its only address here. The outside is the caller's to connect. */
    static Nat before(NetNs machine, String role) {
        Nat nat = new Nat(NetNs.create("nat-" + role));
        NetNs here = nat.namespace;
        machine.linkTo(here, "eth0", "inside");
        here.run("ip", "addr", "add", HERE + "/24", "dev", "inside");
        machine.run("ip", "addr", "add", HIDDEN + "/24", "dev", "eth0");
        machine.run("ip", "route", "add", "default", "via", HERE);
        // A packet in the middle of a connection that it does not know is not the beginning of one.
        here.run(
                "sh",
                "-c",
                "echo 1 > /proc/sys/net/ipv4/ip_forward; echo 0 > /proc/sys/net/netfilter/nf_conntrack_tcp_loose");
        here.nft("""
                table inet nat {
                  chain postrouting {
                    type nat hook postrouting priority 100; policy accept;
                    oifname "outside" masquerade
                  }
                  chain forward {
                    type filter hook forward priority 0; policy drop;
                    ct state invalid drop
                    iifname "inside" accept
                    ct state established,related accept
                  }
                  chain input {
                    type filter hook input priority 0; policy drop;
                  }
                }
                """);
        return nat;
    }

    NetNs namespace() {
        return namespace;
    }

    /** The machine's own address, which nobody outside can use. */
    String hiddenAddress() {
        return HIDDEN;
    }

    /**
     * Forgets every connection, as a restart does, in no time: from now on it keeps its table in another zone of the kernel's. Packets of
     * older connections are dropped in both directions, and nobody is told.
     */
    void restart() {
        starts++;
        namespace.nft("""
                table inet restart
                delete table inet restart
                table inet restart {
                  chain prerouting {
                    type filter hook prerouting priority -300; policy accept;
                    ct zone set %d
                  }
                }
                """.formatted(starts));
    }

    @Override
    public void close() {
        namespace.close();
    }
}
