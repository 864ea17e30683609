/**
 * What the protocol promises, as tests that know nothing of the engine's inside: exact frames against a scripted peer, and
 * whole sessions on a simulated network. Each test names the rule of {@code docs/protocol.md} that it holds. Counts are
 * small by default; {@code -Dculvert.scale=full} runs those of the acceptance list.
 */
@NullMarked
package dev.culvert.mux.conformance;

import org.jspecify.annotations.NullMarked;
