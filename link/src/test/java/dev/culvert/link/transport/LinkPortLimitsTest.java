package dev.culvert.link.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What strangers may take of a relay's port: places, bytes and time. [LINK-6], [LINK-7] */
class LinkPortLimitsTest extends PortFixture {
    @Test
    void silent_and_slow_connections_delay_nobody() throws Exception {
        LinkPort port = secure(limits(1, 64, 4096, 10_000, 10_000, 100_000));
        for (int i = 0; i < 20; i++) {
            raw(port);
            raw(port).send(new byte[] {22, 3, 1, 0, 100, 1}); // begins, and stops before the twelfth byte
        }
        assertThat(tls(port).send(Echo.FIRST).read(12)).isEqualTo(Echo.FIRST);
    }

    @Test
    void handshakes_beyond_the_limit_wait_for_a_place_in_order() throws Exception {
        LinkPort port =
                bind(LinkPortOptions.DEFAULT.withClear(true).withLimits(limits(1, 64, 4096, 10_000, 10_000, 1000)));
        Raw first = raw(port).send(Echo.FIRST);
        assertThat(first.read(12)).isEqualTo(Echo.FIRST);
        Raw second = raw(port).send(Echo.FIRST);
        Raw third = raw(port).send(Echo.FIRST);
        await().until(() -> port.unproved() == 3);
        assertThat(echo.links).hasSize(1);
        echo.links.get(0).channel().eventLoop().execute(echo.links.get(0)::established);
        await().until(() -> echo.links.size() == 2);
        Raw next = echo.links.get(1).remoteAddress().endsWith(":" + second.localPort()) ? second : third;
        assertThat(next.read(12)).isEqualTo(Echo.FIRST);
        next.close(); // a place is given back by closing, too
        await().until(() -> echo.links.size() == 3);
    }

    @Test
    void a_slow_handshake_gives_its_place_to_one_who_waits_long_before_its_deadline() throws Exception {
        LinkPort port =
                bind(LinkPortOptions.DEFAULT.withClear(true).withLimits(limits(1, 64, 4096, 600_000, 600_000, 1000)));
        Raw slow = raw(port).send(Echo.FIRST);
        assertThat(slow.read(12)).isEqualTo(Echo.FIRST);
        assertThat(raw(port).send(Echo.FIRST).read(12)).isEqualTo(Echo.FIRST);
        assertThat(slow.readToEnd()).isEmpty();
    }

    @Test
    void a_handshake_that_takes_too_long_is_cut_and_an_established_link_is_not() throws Exception {
        LinkPortOptions options =
                LinkPortOptions.DEFAULT.withClear(true).withLimits(limits(9, 64, 4096, 10_000, 300, 1000));
        LinkPort port = Echo.get(LinkPort.bind(loops, Endpoint.parse("tcp://127.0.0.1:0"), options, link -> {
            echo.onLink(link);
            if (echo.links.size() > 1) {
                link.established();
            }
        }));
        open.add(port);
        Raw slow = raw(port).send(Echo.FIRST);
        assertThat(slow.read(12)).isEqualTo(Echo.FIRST);
        Raw good = raw(port).send(Echo.FIRST);
        assertThat(good.read(12)).isEqualTo(Echo.FIRST);
        assertThat(slow.readToEnd()).isEmpty();
        byte[] more = new byte[5000]; // more than a stranger may send
        good.send(more);
        assertThat(good.read(more.length)).isEqualTo(more);
        await().until(() -> port.unproved() == 0);
    }

    @Test
    void a_stranger_that_sends_too_much_is_cut() throws Exception {
        LinkPort port =
                bind(LinkPortOptions.DEFAULT.withClear(true).withLimits(limits(9, 64, 4096, 10_000, 10_000, 1000)));
        Raw peer = raw(port).send(Echo.FIRST);
        assertThat(peer.read(12)).isEqualTo(Echo.FIRST);
        peer.send(new byte[2000]);
        assertThat(peer.readToEnd()).hasSizeLessThanOrEqualTo(1000);
    }

    @Test
    void one_source_has_so_many_unproved_connections_and_no_more() throws Exception {
        LinkPort port =
                bind(LinkPortOptions.DEFAULT.withClear(true).withLimits(limits(9, 2, 4096, 10_000, 10_000, 1000)));
        raw(port);
        Raw second = raw(port).send(Echo.FIRST);
        assertThat(second.read(12)).isEqualTo(Echo.FIRST);
        assertThat(raw(port).readToEnd()).isEmpty();
        IncomingLink link = echo.links.get(0);
        link.channel().eventLoop().execute(link::established);
        await().until(() -> port.unproved() == 1);
        assertThat(raw(port).send(Echo.FIRST).read(12))
                .as("proved ones do not count")
                .isEqualTo(Echo.FIRST);
    }

    @Test
    void a_full_port_leaves_the_rest_in_the_systems_line_until_there_is_room() throws Exception {
        LinkPort full =
                bind(LinkPortOptions.DEFAULT.withClear(true).withLimits(limits(9, 1000, 2, 60_000, 10_000, 1000)));
        LinkPort other = bind(LinkPortOptions.DEFAULT.withClear(true));
        List<Raw> silent = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            silent.add(raw(full));
        }
        await().until(() -> full.unproved() >= 2);
        for (int i = 0; i < 4; i++) { // both loops have had their turns
            assertThat(raw(other).send(Echo.FIRST).read(12)).isEqualTo(Echo.FIRST);
        }
        assertThat(full.unproved()).as("a loop accepts sixteen in one turn").isLessThan(100);
        for (Raw each : silent) {
            each.close();
        }
        assertThat(raw(full).send(Echo.FIRST).read(12)).isEqualTo(Echo.FIRST);
    }

    @Test
    void clients_behind_a_balancer_are_counted_by_their_own_address() throws Exception {
        LinkPort port = bind(LinkPortOptions.DEFAULT
                .withClear(true)
                .withBalancers(List.of("127.0.0.1"))
                .withLimits(limits(9, 2, 4096, 10_000, 10_000, 1000)));
        for (int client = 1; client <= 4; client++) {
            byte[] header =
                    HexFormat.of().parseHex(PROXY_V2 + "2111000c" + "cb00710" + client + "0a000001" + "3039" + "1d13");
            assertThat(raw(port).send(header).send(Echo.FIRST).read(12)).isEqualTo(Echo.FIRST);
        }
        byte[] last = HexFormat.of().parseHex(PROXY_V2 + "2111000c" + "cb007101" + "0a000001" + "3039" + "1d13");
        assertThat(raw(port).send(last).send(Echo.FIRST).read(12)).isEqualTo(Echo.FIRST);
        assertThat(raw(port).send(last).send(Echo.FIRST).readToEnd()).isEmpty();
    }
}
