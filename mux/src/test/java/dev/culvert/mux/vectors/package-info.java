/**
 * Reads {@code docs/vectors}: bytes that stand on the wire, beside what they mean. The tests of several modules hold our code to them, and
 * programs in other languages can do the same.
 */
@NullMarked
package dev.culvert.mux.vectors;

import org.jspecify.annotations.NullMarked;
