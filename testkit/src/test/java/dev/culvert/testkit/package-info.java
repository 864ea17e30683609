/** The test kit under test, and what nodes do when links fail. */
@NullMarked
package dev.culvert.testkit;

import org.jspecify.annotations.NullMarked;
