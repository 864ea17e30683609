/**
 * Who offers what and how to get there: the registry with its leases, opening a stream over one or more hops, relaying between
 * two sessions, services that lead to local targets, local entries that dial a name, public ports, and
 * telling others what may be dialled ({@code $watch}), exchanging routes with other relays
 * ({@code $routes}: {@code RouteBook} decides, {@code RouteExchange} acts), knowing that a service is reached ({@code $probe}), and
 * direct links between nodes that a relay has brought together ({@code DirectDesk} gives tickets, {@code DirectWays} uses them). A relay is a node that listens, an
 * agent is a node that links out; {@link dev.culvert.node.CulvertNode} is both, by configuration.
 *
 * <p>Threads: what belongs to a session runs on that session's event loop. {@code Registry} is pure and owned by one loop, which
 * publishes {@code RouteTable}, read by all without a lock. Handlers of embedders run on threads of their own.
 *
 * <p>May import: {@code api}, {@code mux}, {@code policy}, {@code link}, Netty. Start reading at {@link
 * dev.culvert.node.CulvertNode}, then {@code Inbound} (one stream that comes in), {@code Dialer} (one that goes out) and {@code Registry}.
 */
@NullMarked
package dev.culvert.node;

import org.jspecify.annotations.NullMarked;
