/**
 * The multiplexer against implementations of yamux that no one here wrote, over real TCP, in both roles and with both sides
 * opening streams. {@link dev.culvert.mux.interop.ForeignPeerContract} is the contract; its subclasses name the peer, which
 * is built from {@code src/test/go} and {@code src/test/rust} into {@code target}. Without the tool the tests are skipped and
 * say so, except where the environment variable {@code CI} is {@code true}: there they fail.
 */
@NullMarked
package dev.culvert.mux.interop;

import org.jspecify.annotations.NullMarked;
