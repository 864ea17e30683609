package dev.culvert.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.policy.NamePatterns;
import dev.culvert.policy.PortRange;
import dev.culvert.policy.Scope;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What one relay takes from its neighbours, and what it tells them. [ROUTE-12] to [ROUTE-16] */
final class RouteBookTest {
    private static final Advert.Holder HOLDER = new Advert.Holder("key:a", false, 5);

    private final RouteBook book = new RouteBook("me", 7, new RouteLimits(3, 4));
    private long now;

    private record Named(String name) implements Exit {}

    private static Scope scope(String register, String dial) {
        return new Scope("default", NamePatterns.parse(register), NamePatterns.parse(dial), PortRange.NONE, true);
    }

    private void up(long id, String node, String register, String dial) {
        book.up(new Neighbour(id, node, scope(register, dial), new Named(node)));
    }

    private void up(long id, String node) {
        up(id, node, "*", "*");
    }

    private static NameKey key(String node, String service) {
        return new NameKey("default", node, service, 0);
    }

    private static Advert advert(String service, long boot, long sequence, String... path) {
        return new Advert(
                key("edge1", service),
                path[path.length - 1],
                new Advert.Version(boot, sequence),
                HOLDER,
                false,
                List.of(path));
    }

    private void offer(long from, String service, long boot, long sequence, String... path) {
        book.offered(now, from, advert(service, boot, sequence, path));
    }

    private void withdraw(long from, String service, String origin, long boot, long sequence) {
        book.gone(now, from, new Advert.Id(key("edge1", service), origin), new Advert.Version(boot, sequence), true);
    }

    private List<String> ways(String service) {
        List<FarRoute> found = book.names().find(key("edge1", service));
        return found == null
                ? List.of()
                : found.stream().map(way -> String.join(">", way.path())).toList();
    }

    private List<String> told(long neighbour) {
        List<String> told = new ArrayList<>();
        for (Neighbour.Message message = book.next(neighbour); message != null; message = book.next(neighbour)) {
            if (message instanceof Neighbour.Offered offered) {
                told.add("+" + offered.advert().key().label() + " "
                        + String.join(">", offered.advert().path()));
            } else if (message instanceof Neighbour.Gone gone) {
                told.add("-" + gone.id().key().label() + (gone.withdrawn() ? " withdrawn" : ""));
            } else {
                told.add("synced");
            }
        }
        return told;
    }

    @Test
    void takes_a_way_only_if_it_is_one() {
        up(1, "a");
        offer(1, "web", 1, 1, "a", "b", "o");
        assertThat(ways("web")).containsExactly("a>b>o");
        for (String[] wrong :
                new String[][] {{"b", "o"}, {"a", "me", "o"}, {"a", "b", "b", "o"}, {"a", "b", "c", "d", "e", "f", "o"}
                }) {
            offer(1, "web", 1, 1, "a", "b", "o");
            offer(1, "web", 1, 2, wrong);
            assertThat(ways("web")).as(String.join(">", wrong)).isEmpty();
        }
    }

    @Test
    void tells_the_shortest_way_that_does_not_lead_through_who_is_told() {
        up(1, "a");
        up(2, "b");
        up(3, "c");
        told(1);
        told(2);
        told(3);
        offer(1, "web", 1, 1, "a", "o");
        offer(2, "web", 1, 1, "b", "c", "o");
        assertThat(told(1)).containsExactly("+web me>b>c>o");
        assertThat(told(2)).containsExactly("+web me>a>o");
        assertThat(told(3)).containsExactly("+web me>a>o");
        book.down(now, 1);
        assertThat(told(2)).containsExactly("-web");
        assertThat(told(3)).containsExactly("-web");
        assertThat(ways("web")).containsExactly("b>c>o");
    }

    @Test
    void what_its_origin_took_back_does_not_return_whoever_tells_it() {
        up(1, "a");
        up(2, "b");
        up(3, "c");
        offer(1, "web", 1, 4, "a", "o");
        offer(2, "web", 1, 4, "b", "o");
        assertThat(told(3)).containsExactly("+web me>a>o", "synced");
        withdraw(1, "web", "o", 1, 9);
        assertThat(ways("web")).isEmpty();
        assertThat(told(3)).containsExactly("-web withdrawn");
        offer(2, "web", 1, 4, "b", "o");
        offer(2, "web", 1, 9, "b", "o");
        assertThat(ways("web")).isEmpty();
        offer(2, "web", 1, 10, "b", "o");
        assertThat(ways("web")).containsExactly("b>o");
        offer(1, "web", 2, 1, "a", "o");
        assertThat(ways("web")).as("a later life of the origin").containsExactly("a>o");
        offer(2, "web", 1, 11, "b", "o");
        assertThat(ways("web")).as("an earlier one").containsExactly("a>o");
    }

    @Test
    void a_neighbour_is_believed_and_told_what_its_scope_permits() {
        up(1, "partner", "partner-*", "web");
        up(2, "a");
        told(1);
        told(2);
        offer(1, "web", 1, 1, "partner", "o");
        offer(1, "partner-db", 1, 2, "partner", "o");
        assertThat(ways("web")).isEmpty();
        assertThat(ways("partner-db")).containsExactly("partner>o");
        offer(2, "web", 1, 1, "a", "p");
        offer(2, "api", 1, 2, "a", "p");
        withdraw(1, "web", "p", 9, 9);
        assertThat(ways("web")).as("not taken back by one who may not offer it").containsExactly("a>p");
        assertThat(told(1)).containsExactly("+web me>a>p");
        assertThat(told(2)).containsExactly("+partner-db me>partner>o");
    }

    @Test
    void what_is_beyond_the_limits_is_left_out() {
        up(1, "a");
        up(2, "b");
        for (int i = 0; i < 5; i++) {
            offer(1, "web" + i, 1, i, "a", "o");
        }
        assertThat(book.size()).as("of one neighbour").isEqualTo(3);
        offer(2, "api1", 1, 8, "b", "o");
        offer(2, "api2", 1, 9, "b", "o");
        assertThat(book.size()).as("in all").isEqualTo(4);
        book.down(now, 1);
        offer(2, "api2", 1, 9, "b", "o");
        assertThat(ways("api2")).as("what nobody tells makes room").containsExactly("b>o");
        assertThat(book.size()).isEqualTo(4);
    }

    @Test
    void versions_are_forgotten_a_minute_after_the_last_way_has_gone() {
        up(1, "a");
        offer(1, "web", 1, 4, "a", "o");
        withdraw(1, "web", "o", 1, 5);
        now += RouteBook.MEMORY_NANOS - 1;
        offer(1, "web", 1, 5, "a", "o");
        assertThat(ways("web")).isEmpty();
        now += 1;
        offer(1, "web", 1, 5, "a", "o");
        assertThat(ways("web")).containsExactly("a>o");
    }

    @Test
    void of_two_that_exclude_each_other_the_later_is_not_used_and_an_own_one_has_to_go() {
        up(1, "a");
        book.own(key("edge2", "web"), new Advert.Holder("key:b", false, 6), false);
        assertThat(book.losers()).isEmpty();
        offer(1, "web", 1, 1, "a", "o"); // since 5
        assertThat(book.losers()).containsExactly(key("edge2", "web"));
        assertThat(book.names().find(new NameKey("default", "", "web", 0))).hasSize(1);

        book.own(key("edge2", "web"), null, false);
        book.own(key("edge1", "api"), new Advert.Holder("key:other", false, 4), false);
        assertThat(book.losers()).isEmpty();
        assertThat(ways("web")).as("the node's name belongs to another").isEmpty();
        book.own(key("edge1", "api"), null, false);
        assertThat(ways("web")).containsExactly("a>o");
    }

    @Test
    void a_name_that_is_kept_for_its_owner_is_known_and_leads_nowhere() {
        up(1, "a");
        book.offered(
                now, 1, new Advert(key("edge1", "web"), "a", new Advert.Version(1, 1), HOLDER, true, List.of("a")));
        assertThat(book.names().find(key("edge1", "web"))).isEmpty();
        assertThat(book.names().find(key("edge9", "web"))).isNull();
        assertThat(book.names().rival(key("edge2", "web"), "key:b", false)).isNotNull();
        assertThat(book.names().rival(key("edge1", "web"), "key:a", false)).isNull();
    }
}
