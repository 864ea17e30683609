package dev.culvert.node;

import dev.culvert.api.DialException;
import dev.culvert.api.ErrorCode;
import dev.culvert.link.PeerText;
import dev.culvert.link.proto.StreamReply;

/**
 * Why a stream was not opened. <em>Immutable.</em> [OPEN-10]
 *
 * @param text for the caller: the value, the expectation
 * @param hop the node that refused
 * @param notDelivered no payload has reached a service, for certain
 * @param step what this node's own user does next; empty: what the code says
 */
record Refused(ErrorCode code, String text, String hop, boolean notDelivered, String step) {
    Refused(ErrorCode code, String text, String hop, boolean notDelivered) {
        this(code, text, hop, notDelivered, "");
    }

    /** A refusal by the node {@code hop} itself, before anything was passed on. */
    static Refused here(String hop, ErrorCode code, String text) {
        return new Refused(code, text, hop, true);
    }

    /** A link did not come about; its reason may begin with the relay and end with the next step: each is said once. */
    static Refused ofLink(String relay, ErrorCode code, String reason, String step) {
        String start = relay + ": ";
        String text = reason.startsWith(start) ? reason.substring(start.length()) : reason;
        int next = text.lastIndexOf("; ");
        return next < 0
                ? new Refused(code, text, relay, true, step)
                : new Refused(code, text.substring(0, next), relay, true, text.substring(next + 2));
    }

    /** What a peer answered; a peer that did not name the hop is it. */
    static Refused of(StreamReply reply, String peer) {
        String hop = reply.getHop().isEmpty() ? peer : PeerText.oneLine(reply.getHop());
        return new Refused(
                ErrorCode.of(reply.getCode()), PeerText.oneLine(reply.getText()), hop, reply.getNotDelivered());
    }

    /** The same, if payload may have reached a service all the same. */
    Refused maybeDelivered() {
        return notDelivered ? new Refused(code, text, hop, false, step) : this;
    }

    /** With a text that keeps the reply within its limit, whatever the caller asked for. [OPEN-4] */
    StreamReply toReply() {
        return StreamReply.newBuilder()
                .setCode(code.number())
                .setText(PeerText.oneLine(text))
                .setHop(hop)
                .setNotDelivered(notDelivered)
                .setRetryHelps(code.retryHelps())
                .build();
    }

    DialException toException() {
        return new DialException(code, hop, text, step.isEmpty() ? nextStep() : step, notDelivered);
    }

    /** Whether another replica may do what this one did not. */
    boolean worthAnother() {
        return switch (code) {
            case UNKNOWN_SERVICE, NO_ROUTE, BUSY, DRAINING, TARGET_REFUSED, TARGET_LOST, LINK_LOST, OVERLOAD, LOOP ->
                true;
            default -> false;
        };
    }

    /** How much it tells the caller: what a service's own node said is worth more than what others do not know. */
    int weight() {
        return switch (code) {
            case UNKNOWN_SERVICE -> 0;
            case LOOP -> 1;
            case NO_ROUTE -> 2;
            default -> 3;
        };
    }

    private String nextStep() {
        return switch (code) {
            case UNKNOWN_SERVICE -> "see what is offered with: culvert status";
            case NO_ROUTE, LINK_LOST, DRAINING, BUSY, OVERLOAD -> "try again";
            case DENIED -> "ask for an invitation that permits it: culvert invite";
            case TARGET_REFUSED -> "start the target, then try again";
            case TARGET_LOST -> "see the target's own log";
            case DEADLINE -> "try again with more time";
            default -> "";
        };
    }
}
