package dev.culvert.netty;

import dev.culvert.api.Address;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.channels.UnsupportedAddressTypeException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** An {@link Address} where Netty wants a {@link SocketAddress}. <em>Immutable.</em> Prints what {@link Address#parse} reads. */
public final class CulvertAddress extends SocketAddress {
    private static final long serialVersionUID = 1L;

    private final transient Address address;

    public CulvertAddress(Address address) {
        this.address = address;
    }

    /**
     * As {@link Address#parse}: {@code edge7.web}, {@code web}, {@code edge7:8080}.
     *
     * @throws IllegalArgumentException one line: the value and the expectation
     */
    public static CulvertAddress of(String address) {
        return new CulvertAddress(Address.parse(address));
    }

    /**
     * What an address of any kind means to us: of the internet's, the host is a name of ours and the port has no meaning.
     *
     * @throws IllegalArgumentException if there is no such name
     */
    static Address meantBy(SocketAddress any) {
        if (any instanceof CulvertAddress ours) {
            return ours.address;
        }
        if (any instanceof InetSocketAddress inet) {
            return Address.parse(inet.getHostString().toLowerCase(Locale.ROOT));
        }
        throw new UnsupportedAddressTypeException();
    }

    public Address address() {
        return address;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof CulvertAddress that && that.address.equals(address);
    }

    @Override
    public int hashCode() {
        return address.hashCode();
    }

    @Override
    public String toString() {
        return address.toString();
    }
}
