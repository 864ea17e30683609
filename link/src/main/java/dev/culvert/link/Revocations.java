package dev.culvert.link;

import dev.culvert.api.ErrorCode;
import dev.culvert.link.proto.Refusal;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What was revoked while a proof was under way: the proof may have looked at a credential the moment before. Owned by its session's event
 * loop. [CTRL-5]
 */
final class Revocations {
    private final List<One> meanwhile = new ArrayList<>();

    private record One(Predicate<Session> which, ErrorCode code, String text) {}

    void add(Predicate<Session> which, ErrorCode code, String text) {
        meanwhile.add(new One(which, code, text));
    }

    /** Why the session must not be admitted; null: it may be. */
    @Nullable
    Refusal of(Session session) {
        for (One one : meanwhile) {
            if (one.which().test(session)) {
                return Refusals.of(one.code(), one.text());
            }
        }
        return null;
    }
}
