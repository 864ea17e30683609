package dev.culvert.node;

import dev.culvert.api.ErrorCode;
import java.util.List;

/** What the registry wants done at the edge. <em>Immutable.</em> */
sealed interface Effect {
    /** The member may come in; each of its offers has its result. */
    record Admit(Member member, List<Result> results) implements Effect {
        public Admit {
            results = List.copyOf(results);
        }
    }

    /** The member may not come in. {@code retryAfterNanos} is a floor. */
    record Refuse(Member member, ErrorCode code, String text, long retryAfterNanos) implements Effect {}

    /** The answer to a registration after the admission. */
    record Answer(Member member, Result result) implements Effect {}

    /** Find out whether this member still lives, and say so with {@link Registry#alive}. */
    record Ping(Member member) implements Effect {}

    /** End this member's session. {@code leaveStreams}: it ends them by itself. */
    record Fence(Member member, ErrorCode code, String text, boolean leaveStreams) implements Effect {}

    /** What became of one offer. */
    record Result(Offer offer, Outcome outcome) {}
}
