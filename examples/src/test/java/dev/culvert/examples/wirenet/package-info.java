/** Runs the examples. */
@NullMarked
package dev.culvert.examples.wirenet;

import org.jspecify.annotations.NullMarked;
