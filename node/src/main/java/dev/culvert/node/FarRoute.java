package dev.culvert.node;

import java.util.List;

/**
 * A way to a service that is registered at another relay. <em>Immutable.</em>
 *
 * @param exit the session with the next relay
 * @param node who offers the service
 * @param path relays on the way, the next one first
 * @param httpTerms how a gateway is to speak to it
 */
record FarRoute(Exit exit, String node, List<String> path, HttpTerms httpTerms) {}
