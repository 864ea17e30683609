package dev.culvert.node;

import dev.culvert.policy.IdentityKey;
import java.util.List;

/**
 * A machine of a simulation: what every process on it has. <em>Immutable.</em>
 *
 * @param name of its node
 * @param key kept on its disk, and on a copy of the disk
 * @param relays that it links to
 * @param listens whether it is a relay
 * @param services that it offers; those that begin with {@code pool} are shared
 */
record SimHost(String name, IdentityKey key, List<SimHost> relays, boolean listens, List<String> services) {
    static SimHost relay(String name, SimHost... above) {
        return new SimHost(name, IdentityKey.generate(), List.of(above), true, List.of());
    }

    static SimHost agent(String name, List<SimHost> relays, String... services) {
        return new SimHost(name, IdentityKey.generate(), relays, false, List.of(services));
    }

    static boolean isShared(String service) {
        return service.startsWith("pool");
    }

    @Override
    public String toString() {
        return name;
    }
}
