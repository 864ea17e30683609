/** Runs the examples. */
@NullMarked
package dev.culvert.examples.operator;

import org.jspecify.annotations.NullMarked;
