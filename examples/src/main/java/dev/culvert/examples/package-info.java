/**
 * Small programs that show how Culvert is used from Java; each is run as a test. May import anything that users may. Start reading at
 * {@link dev.culvert.examples.ServeFromBehind}.
 */
@NullMarked
package dev.culvert.examples;

import org.jspecify.annotations.NullMarked;
