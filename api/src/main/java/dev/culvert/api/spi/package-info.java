/**
 * What an engine implements so that {@link dev.culvert.api.Node#builder()} finds it. Any thread. May import: {@code
 * dev.culvert.api}. Start reading at {@link dev.culvert.api.spi.NodeEngine}.
 */
@NullMarked
package dev.culvert.api.spi;

import org.jspecify.annotations.NullMarked;
