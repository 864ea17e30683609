package dev.culvert.node;

import dev.culvert.api.Address;

/**
 * A local socket whose connections are dialled to a name ({@code culvert forward}). <em>Immutable.</em>
 *
 * @param listen where programs beside this node connect to; TCP port 0: the system chooses
 * @param address what is dialled for each connection
 */
public record LocalEntry(Target listen, Address address) {}
