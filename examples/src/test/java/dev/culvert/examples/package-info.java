/** Runs the examples. */
@NullMarked
package dev.culvert.examples;

import org.jspecify.annotations.NullMarked;
