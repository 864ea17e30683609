package dev.culvert.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

/** A node's own list of services, which neither a caller nor a relay can add to. */
class ServicesTest {
    private final Services services = new Services("edge7");
    private final LocalService web = new Web();

    @Test
    void a_node_serves_nothing_but_its_own_list() {
        services.add(Actors.offer(1, "web"), web);
        assertThat(services.find(new NameKey("default", "", "web", 0))).isSameAs(web);
        assertThat(services.find(new NameKey("default", "edge7", "web", 0))).isSameAs(web);
        assertThat(services.find(new NameKey("default", "edge8", "web", 0))).isNull();
        assertThat(services.find(new NameKey("default", "edge7", "ssh", 0))).isNull();
        assertThat(services.find(new NameKey("default", "edge7", "", 22))).isNull();
        assertThat(services.find(new NameKey("default", "", "169.254.169.254:80", 0)))
                .isNull();
    }

    @Test
    void a_name_is_on_the_list_once_and_gone_when_it_is_withdrawn() {
        Offer first = Actors.offer(1, "web");
        services.add(first, web);
        Offer second = Actors.offer(2, "web");
        assertThatThrownBy(() -> services.add(second, new Web())).isInstanceOf(IllegalArgumentException.class);
        services.remove(second);
        assertThat(services.find(new NameKey("default", "", "web", 0))).isSameAs(web);
        services.remove(first);
        assertThat(services.find(new NameKey("default", "", "web", 0))).isNull();
    }

    private record Web() implements LocalService {
        @Override
        public String target() {
            return "127.0.0.1:8080";
        }

        @Override
        public void open(Incoming incoming) {
            throw new IllegalStateException("not in this test");
        }
    }
}
