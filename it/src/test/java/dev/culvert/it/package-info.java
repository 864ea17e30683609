/**
 * Whole programs on real sockets: {@code culvert} as separate processes in separate network namespaces, and foreign programs
 * written from docs/protocol.md alone.
 *
 * <p>Start reading at {@link dev.culvert.it.Lab}, the network every test here lives in, and then at {@code WalkthroughTest}. A
 * {@link dev.culvert.it.Host} is one machine, a {@link dev.culvert.it.Proc} one program on it. Tests wait for conditions and
 * never sleep; they may look at the wall clock, since they are about real time-outs. What needs namespaces is tagged {@code
 * namespace} ({@link dev.culvert.it.Namespaces}); where CI is set, nothing is skipped.
 */
@NullMarked
package dev.culvert.it;

import org.jspecify.annotations.NullMarked;
