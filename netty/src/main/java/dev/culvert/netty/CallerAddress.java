package dev.culvert.netty;

import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/** Where an accepted channel comes from: a principal, whom nobody can dial by that. <em>Immutable.</em> */
public final class CallerAddress extends SocketAddress {
    private static final long serialVersionUID = 1L;

    private final String principal;

    CallerAddress(String principal) {
        this.principal = principal;
    }

    /** Who the caller is, as the last relay proved it. */
    public String principal() {
        return principal;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof CallerAddress that && that.principal.equals(principal);
    }

    @Override
    public int hashCode() {
        return principal.hashCode();
    }

    @Override
    public String toString() {
        return principal;
    }
}
