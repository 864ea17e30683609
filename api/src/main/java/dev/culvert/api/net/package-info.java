/**
 * The faces of {@code java.net}: {@link dev.culvert.api.net.CulvertSocket}, {@link dev.culvert.api.net.CulvertServerSocket} and their
 * factories, so that clients and servers that know sockets reach services by name, without a local port. They behave as the JDK's do; one
 * suite of tests runs against both. A node hands them out: {@code node.socket("edge7.web")}.
 *
 * <p>What is a host name for the JDK is an {@linkplain dev.culvert.api.Address address} here, resolved or not; names are never looked up
 * in DNS. The port beside it has no meaning, since a service is found by name, and is reported as it was given.
 *
 * <p>Threads: any, as with sockets; never an event loop. May import: {@code api}, {@code java.base}. Start reading at {@link
 * dev.culvert.api.net.CulvertSocket}.
 */
@NullMarked
package dev.culvert.api.net;

import org.jspecify.annotations.NullMarked;
