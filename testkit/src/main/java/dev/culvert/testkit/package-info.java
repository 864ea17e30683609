/**
 * For the tests of programs that use Culvert: {@link dev.culvert.testkit.TestNetwork}, real nodes in one process without sockets, whose links
 * fail when the test says so ({@link dev.culvert.testkit.TestLink}), and {@link dev.culvert.testkit.CulvertExtension} for JUnit 5 and 6.
 *
 * <p>Threads: everything public may be called from any thread. Bytes between nodes pass a {@code Cable} on event loops of the network's
 * own.
 *
 * <p>May import: {@code api}, {@code mux}, {@code policy}, {@code link}, {@code node}, Netty, JUnit's API. Start reading at {@link
 * dev.culvert.testkit.TestNetwork}.
 */
@NullMarked
package dev.culvert.testkit;

import org.jspecify.annotations.NullMarked;
