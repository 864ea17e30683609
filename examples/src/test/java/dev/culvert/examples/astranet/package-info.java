/** Runs the examples. */
@NullMarked
package dev.culvert.examples.astranet;

import org.jspecify.annotations.NullMarked;
