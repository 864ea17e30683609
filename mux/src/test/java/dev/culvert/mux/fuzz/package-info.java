/**
 * Hostile bytes against a session, in both roles and profiles. In an ordinary build each target replays its seeds and a
 * seeded mutational fuzzer runs for a fixed number of inputs. To fuzz with coverage feedback for as long as you like:
 *
 * <pre>{@code JAZZER_FUZZ=1 ./mvnw -pl mux -am test -Dtest=FrameFuzzTest#the_acceptor_survives_any_bytes \
 *     -Dsurefire.failIfNoSpecifiedTests=false}</pre>
 */
@NullMarked
package dev.culvert.mux.fuzz;

import org.jspecify.annotations.NullMarked;
