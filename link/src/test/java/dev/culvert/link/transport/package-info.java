/** Tests of the transports over real sockets on port 0, pipes and embedded channels. */
@org.jspecify.annotations.NullMarked
package dev.culvert.link.transport;
