package dev.culvert.cli;

/** Ctrl+C and the polite request to end (SIGINT, SIGTERM). Any thread. */
interface Interrupts {
    /** Calls {@code action} for each of them instead of ending the process; the last one set counts. */
    void onInterrupt(Runnable action);

    /** Ends the process at once, without any further work. */
    void halt(int exitCode);
}
