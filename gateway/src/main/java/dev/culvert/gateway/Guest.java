package dev.culvert.gateway;

/** A client's connection, whichever version of HTTP it speaks. */
interface Guest {
    /** Ends with what is under way, or at once if nothing is. Any thread. */
    void drain();
}
