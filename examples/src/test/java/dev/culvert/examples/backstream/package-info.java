/** Runs the examples. */
@NullMarked
package dev.culvert.examples.backstream;

import org.jspecify.annotations.NullMarked;
