package dev.culvert.http2;

/** What the bytes that a connection has sent so far say about it. <em>Immutable.</em> */
sealed interface Verdict {
    /** More bytes are needed. */
    Verdict UNDECIDED = new Undecided();

    /** A client; whatever it sent belongs to the server. */
    Verdict CLIENT = new Client();

    /** What {@link #UNDECIDED} is. */
    record Undecided() implements Verdict {}

    /** What {@link #CLIENT} is. */
    record Client() implements Verdict {}

    /**
     * A server that dialled out.
     *
     * @param name what it announced, or empty
     * @param announced how many of its bytes are the announcement, which no HTTP/2 library may see
     */
    record Reversed(String name, int announced) implements Verdict {}

    /** Neither, to be closed; {@code reason} is for the log. */
    record Refused(String reason) implements Verdict {}
}
