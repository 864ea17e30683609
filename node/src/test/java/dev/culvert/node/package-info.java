/** Tests of nodes: pure decisions, then whole systems in one process. */
@NullMarked
package dev.culvert.node;

import org.jspecify.annotations.NullMarked;
