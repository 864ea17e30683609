package dev.culvert.api;

import java.util.Objects;

/** How to link to a relay: where it is, which key it must prove, and what this node shows. <em>Immutable.</em> Prints itself without secrets. */
public final class RelayTerms {
    private final String join;
    private final String address;
    private final String key;

    private RelayTerms(String join, String address, String key) {
        this.join = join;
        this.address = address;
        this.key = key;
    }

    /** What a join string says, which may name several relays: any of them that can be reached is taken. */
    public static RelayTerms join(String joinString) {
        return new RelayTerms(Objects.requireNonNull(joinString, "join string"), "", "");
    }

    /**
     * A relay that knows this node's key already, because it has joined once.
     *
     * @param address {@code host:port}, or as {@link ListenOptions} has it
     * @param key the relay's identity key, as in the middle of its join strings: 32 bytes, base64url
     */
    public static RelayTerms known(String address, String key) {
        return new RelayTerms("", Objects.requireNonNull(address, "address"), Objects.requireNonNull(key, "key"));
    }

    /** Secret; empty for one that is {@link #known}. */
    public String join() {
        return join;
    }

    /** Empty for a join string. */
    public String address() {
        return address;
    }

    /** Empty for a join string. */
    public String key() {
        return key;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RelayTerms that
                && join.equals(that.join)
                && address.equals(that.address)
                && key.equals(that.key);
    }

    @Override
    public int hashCode() {
        return Objects.hash(join, address, key);
    }

    @Override
    public String toString() {
        return join.isEmpty() ? "RelayTerms[" + address + "]" : "RelayTerms[join string]";
    }
}
