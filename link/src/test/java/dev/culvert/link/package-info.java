/**
 * Tests of links: decisions alone, and whole links over the simulated network. Start reading at {@code LinkSimTest}.
 */
@NullMarked
package dev.culvert.link;

import org.jspecify.annotations.NullMarked;
