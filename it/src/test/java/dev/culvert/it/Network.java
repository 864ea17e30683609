package dev.culvert.it;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Namespaces around one router namespace, with NAT and a way to lose packets silently. Used by one thread. */
final class Network implements AutoCloseable {
    /** Where the NAT stands: the third member. */
    private static final List<String> ROLES = List.of("relay", "relay2", "agent", "caller");

    private static final String HIDDEN = "agent";

    /** One namespace and where it is. */
    record Member(String role, NetNs namespace, String address, String address6, String routerDevice) {}

    private final NetNs router;
    private final Set<String> behindNats;
    private final List<Member> members = new ArrayList<>();
    private final Map<NetNs, Nat> nats = new HashMap<>();

    private Network(NetNs router, Set<String> behindNats) {
        this.router = router;
        this.behindNats = behindNats;
    }

    /** @param behindNats roles whose machines stand behind a {@link Nat} of their own, and have no IPv6 */
    static Network create(Set<String> behindNats) {
        Network network = new Network(NetNs.create("router"), behindNats);
        try {
            network.build();
            return network;
        } catch (RuntimeException | AssertionError e) {
            network.close();
            throw e;
        }
    }

    List<Member> members() {
        return List.copyOf(members);
    }

    /** Drops everything from and to {@code namespace} at the router. Idempotent. */
    void cut(NetNs namespace) {
        String device = deviceTowards(namespace);
        drop(device, "iifname \"%1$s\" drop; oifname \"%1$s\" drop".formatted(device));
    }

    /** Drops everything to {@code namespace} at the router. Idempotent. */
    void cutTowards(NetNs namespace) {
        String device = deviceTowards(namespace);
        drop(device, "oifname \"%s\" drop".formatted(device));
    }

    private void drop(String device, String rules) {
        router.nft("""
                table inet cut_%1$s
                delete table inet cut_%1$s
                table inet cut_%1$s {
                  chain forward {
                    type filter hook forward priority -10; policy accept;
                    %2$s
                  }
                }
                """.formatted(device, rules));
    }

    /** Undoes {@link #cut} and {@link #cutTowards}. Idempotent. */
    void mend(NetNs namespace) {
        String device = deviceTowards(namespace);
        router.nft("table inet cut_%1$s\ndelete table inet cut_%1$s\n".formatted(device));
    }

    /** The NAT in front of {@code namespace}. */
    Nat natOf(NetNs namespace) {
        Nat nat = nats.get(namespace);
        if (nat == null) {
            throw new IllegalArgumentException(namespace.name() + ": has no NAT of its own");
        }
        return nat;
    }

    /** Of the NATs of {@link #create}, outside. */
    List<String> natAddresses() {
        return behindNats.stream()
                .map(role -> address(ROLES.indexOf(role) + 1, 2))
                .toList();
    }

    @Override
    public void close() {
        nats.values().forEach(Nat::close);
        members.forEach(member -> member.namespace().close());
        router.close();
    }

    private void build() {
        router.run(
                "sh", "-c", "echo 1 > /proc/sys/net/ipv4/ip_forward; echo 1 > /proc/sys/net/ipv6/conf/all/forwarding");
        for (String role : ROLES) {
            int number = members.size() + 1;
            members.add(behindNats.contains(role) ? attachNat(role, number) : attach(role, number));
        }
        if (behindNats.isEmpty()) {
            hide(members.get(ROLES.indexOf(HIDDEN)));
        }
    }

    private Member attachNat(String role, int number) {
        NetNs machine = NetNs.create(role);
        Nat nat = Nat.before(machine, role);
        nats.put(machine, nat);
        String device = "to-" + role;
        connect(nat.namespace(), Nat.OUTSIDE, device, number);
        return new Member(role, machine, nat.hiddenAddress(), "", device);
    }

    private Member attach(String role, int number) {
        NetNs namespace = NetNs.create(role);
        String device = "to-" + role;
        connect(namespace, "eth0", device, number);
        return new Member(role, namespace, address(number, 2), address6(number, 2), device);
    }

    private void connect(NetNs namespace, String deviceThere, String device, int number) {
        namespace.linkTo(router, deviceThere, device);
        addAddress(router, device, number, 1);
        addAddress(namespace, deviceThere, number, 2);
        namespace.run("ip", "route", "add", "default", "via", address(number, 1));
        namespace.run("ip", "-6", "route", "add", "default", "via", address6(number, 1));
    }

    private static void addAddress(NetNs namespace, String device, int number, int host) {
        namespace.run("ip", "addr", "add", address(number, host) + "/24", "dev", device);
        namespace.run("ip", "-6", "addr", "add", address6(number, host) + "/64", "dev", device, "nodad");
    }

    private static String address(int number, int host) {
        return "10.77." + number + "." + host;
    }

    private static String address6(int number, int host) {
        return "fd77:" + number + "::" + host;
    }

    /** The router hides the member behind its own addresses, and the member itself refuses what it did not ask for. */
    private void hide(Member member) {
        router.nft("""
                table inet nat {
                  chain postrouting {
                    type nat hook postrouting priority 100; policy accept;
                    iifname "%s" masquerade
                  }
                }
                """.formatted(member.routerDevice()));
        member.namespace().nft("""
                table inet refuse_inbound {
                  chain input {
                    type filter hook input priority 0; policy accept;
                    iifname "lo" accept
                    ct state established,related accept
                    icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert, nd-router-advert } accept
                    reject
                  }
                }
                """);
    }

    private String deviceTowards(NetNs namespace) {
        return members.stream()
                .filter(member -> member.namespace() == namespace)
                .map(Member::routerDevice)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(namespace.name() + ": not a member of this network"));
    }
}
