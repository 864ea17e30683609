package dev.culvert.node;

import dev.culvert.api.Address;
import java.io.IOException;
import java.util.Optional;

/** Says which relay to take for an address; {@link dev.culvert.api.RelayResolver} in the words of this module. May block. */
@FunctionalInterface
interface RelayFinder {
    Optional<LinkConfig> find(Address address) throws IOException;
}
