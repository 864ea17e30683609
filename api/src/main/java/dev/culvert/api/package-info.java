/**
 * The nouns that users touch: nodes, streams, addresses, error codes. It feels like {@code java.net}: blocking reads and
 * writes, deadlines, half-close, try-with-resources.
 *
 * <p>Threads: everything public may be called from any thread unless its javadoc says otherwise. Imports: {@code java.base}
 * only. Start reading at {@link dev.culvert.api.ErrorCode}.
 */
@NullMarked
package dev.culvert.api;

import org.jspecify.annotations.NullMarked;
