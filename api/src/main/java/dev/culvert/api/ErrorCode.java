package dev.culvert.api;

/**
 * Why a stream, an open or a session ended, with the number it has on the wire. <em>Immutable.</em> The table in {@code
 * docs/protocol.md} [ERR-1] is normative; a test holds the two together. Numbers from {@value #FIRST_APPLICATION_CODE}
 * belong to applications and have no constant here.
 */
public enum ErrorCode {
    OK(0, Retry.NEVER),
    /** The peer broke a rule of the protocol. */
    PROTOCOL(1, Retry.NEVER),
    /** A bug at the side that says so. */
    INTERNAL(2, Retry.NEVER),
    /** The one who asked has lost interest. */
    CANCELLED(3, Retry.NEVER),
    /** Nobody offers a service of that name. */
    UNKNOWN_SERVICE(4, Retry.NEVER),
    /** The name is known and nothing reaches it now. */
    NO_ROUTE(5, Retry.LATER),
    /** The scope of the caller does not permit it. */
    DENIED(6, Retry.NEVER),
    /** The time given by the opener is over. */
    DEADLINE(7, Retry.LATER),
    /** A limit on outstanding work is reached. */
    BUSY(8, Retry.LATER),
    /** The node ends its work and takes no more. */
    DRAINING(9, Retry.LATER),
    /** The node was reached; the local target did not accept. */
    TARGET_REFUSED(10, Retry.LATER),
    /** The connection that carried the stream is gone. */
    LINK_LOST(11, Retry.LATER),
    /** The reader held too many unread bytes for too long. */
    SLOW_CONSUMER(12, Retry.LATER),
    /** The node protects itself from more load than it can carry. */
    OVERLOAD(13, Retry.LATER),
    /** The stream came back to a relay that it had passed. */
    LOOP(14, Retry.NEVER),
    /** Another living process uses the same key and node name. */
    DUPLICATE_NODE(15, Retry.LATER),
    /** The name belongs to another owner. */
    NAME_TAKEN(16, Retry.LATER),
    /** No acceptable proof of identity. */
    UNAUTHENTICATED(17, Retry.NEVER),
    /** The credential was good once. */
    EXPIRED(18, Retry.NEVER),
    /** The credential was withdrawn by the operator. */
    REVOKED(19, Retry.NEVER),
    /** The clocks of the two ends differ too much; the refusal carries the relay's time. */
    CLOCK_SKEW(20, Retry.LATER),
    /** No protocol version that both ends speak. */
    VERSION(21, Retry.NEVER),
    /** A later session of the same instance has taken over. */
    FENCED(22, Retry.NEVER),
    /** A message or a name is longer than its limit. */
    TOO_LARGE(23, Retry.NEVER),
    /** The local target had accepted and has broken off its connection. */
    TARGET_LOST(24, Retry.LATER);

    /** The first code that applications may use with a reset. */
    public static final int FIRST_APPLICATION_CODE = 0x100;

    /** Whether trying the same again can help. */
    public enum Retry {
        NEVER,
        LATER
    }

    private final int number;
    private final Retry retry;

    ErrorCode(int number, Retry retry) {
        this.number = number;
        this.retry = retry;
    }

    /** The number on the wire. */
    public int number() {
        return number;
    }

    /** Whether a retry of the same request can help. */
    public boolean retryHelps() {
        return retry == Retry.LATER;
    }

    /** The constant with this number; {@link #INTERNAL} for one that this version does not know. */
    public static ErrorCode of(int number) {
        for (ErrorCode code : VALUES) {
            if (code.number == number) {
                return code;
            }
        }
        return number >= FIRST_APPLICATION_CODE ? CANCELLED : INTERNAL;
    }

    private static final ErrorCode[] VALUES = values();
}
