/**
 * Many streams on one connection: frames, the session engine, windows, the write scheduler, keep-alive, splice. It knows no
 * names, no nodes and no authentication.
 *
 * <p>Threads: a session, its streams and its timers belong to one event loop. Imports: api, Netty buffers and transport.
 * Start reading at {@link dev.culvert.mux.MuxSession}.
 */
@NullMarked
package dev.culvert.mux;

import org.jspecify.annotations.NullMarked;
