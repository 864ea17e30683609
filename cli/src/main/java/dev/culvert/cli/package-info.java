/**
 * The command, and the only composition root: here clocks, files, signals and the environment are read and handed down.
 *
 * <p>Threads: each command runs on the main thread; what nodes report comes from event loops and goes through {@code Screen}, which
 * has a lock. May import all modules. Start reading at {@link dev.culvert.cli.Main}, then any {@code *Command}.
 */
@NullMarked
package dev.culvert.cli;

import org.jspecify.annotations.NullMarked;
