package dev.culvert.gateway;

import org.jspecify.annotations.Nullable;

/** Which client of backstream may have which name. Called on event loops, so it must not block; any thread. */
public interface BackstreamAccess {
    /**
     * Asked when a client comes, and now and then while it is there: refused then, it is sent away.
     *
     * @param credential as the client showed it; null: it showed none
     * @return the caller of {@link Access.Admitted} is the principal that owns the name
     */
    Access.Verdict mayRegister(String name, @Nullable String credential);
}
