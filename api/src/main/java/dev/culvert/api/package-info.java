/**
 * The nouns that users touch: {@link dev.culvert.api.Node}, {@link dev.culvert.api.Stream}, {@link
 * dev.culvert.api.StreamListener}, {@link dev.culvert.api.Address} and the reasons why something failed. Blocking, like {@code
 * java.net}. The engine behind it is found by {@link java.util.ServiceLoader} ({@link dev.culvert.api.NodeEngine}).
 *
 * <p>Threads: everything here may be called from any thread, except event loops, which may not block.
 *
 * <p>May import: {@code java.base}. Start reading at {@link dev.culvert.api.Node}.
 */
@NullMarked
package dev.culvert.api;

import org.jspecify.annotations.NullMarked;
