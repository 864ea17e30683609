/**
 * Hostile bytes against a session, in both roles and profiles. In an ordinary build each target replays its seeds and a
 * seeded mutational fuzzer runs for a fixed number of inputs ({@code -Dculvert.fuzz.inputs=100000} for more). To fuzz with
 * coverage feedback, one target at a time and ten minutes long:
 *
 * <pre>{@code JAZZER_FUZZ=1 ./mvnw -pl mux -am test -Djazzer.hooks=true -Dsurefire.failIfNoSpecifiedTests=false \
 *     '-Dtest=FrameFuzzTest#the_acceptor_survives_any_bytes'}</pre>
 */
@NullMarked
package dev.culvert.mux.fuzz;

import org.jspecify.annotations.NullMarked;
