/**
 * What the protocol promises, as tests that know nothing of the engine's inside: exact frames against a scripted peer, and
 * whole sessions on a simulated network. Each test names the rule of {@code docs/protocol.md} that it holds. Counts are
 * small by default; those of the acceptance list, which take some minutes, run by
 *
 * <pre>{@code ./mvnw -pl mux -am test -Dculvert.scale=full -Dsurefire.failIfNoSpecifiedTests=false \
 *     -Dtest='dev.culvert.mux.conformance.*Test,dev.culvert.mux.interop.*Test'}</pre>
 */
@NullMarked
package dev.culvert.mux.conformance;

import org.jspecify.annotations.NullMarked;
