package dev.culvert.policy;

/**
 * What a principal may do: two verbs per name pattern, default deny. <em>Immutable.</em>
 *
 * @param namespace the one namespace that this scope is about
 * @param register names that may be registered
 * @param dial names that may be dialled
 * @param publicPorts whether, and in which range, TCP ports may be asked for at the relay
 * @param peer whether the principal may link as another relay
 */
public record Scope(String namespace, NamePatterns register, NamePatterns dial, PortRange publicPorts, boolean peer) {
    /** The namespace of those who name none. */
    public static final String DEFAULT_NAMESPACE = "default";

    public Scope {
        Names.requireNamespace(namespace);
    }

    /** Whether a service of this name may be registered; reserved and unlawful names never. */
    public boolean mayRegister(String service) {
        return Names.serviceFault(service) == null && register.matches(service);
    }

    /** Whether a service of this name may be dialled; reserved and unlawful names never. */
    public boolean mayDial(String service) {
        return Names.serviceFault(service) == null && dial.matches(service);
    }

    /** Whether the virtual port may be registered: the patterns see it as {@code :80}. */
    public boolean mayRegisterPort(int virtualPort) {
        return virtualPort != 0 && register.matches(":" + Integer.toUnsignedString(virtualPort));
    }

    /** Whether the virtual port may be dialled: the patterns see it as {@code :80}. */
    public boolean mayDialPort(int virtualPort) {
        return virtualPort != 0 && dial.matches(":" + Integer.toUnsignedString(virtualPort));
    }

    /** Whether the TCP port may be opened at the relay. */
    public boolean mayOpen(int publicPort) {
        return publicPorts.contains(publicPort);
    }

    /** For a person: {@code namespace default, register web, dial *}. */
    @Override
    public String toString() {
        return "namespace " + namespace + ", register " + (register.patterns().isEmpty() ? "nothing" : register)
                + ", dial " + (dial.patterns().isEmpty() ? "nothing" : dial)
                + (publicPorts.isEmpty() ? "" : ", public ports " + publicPorts) + (peer ? ", peer" : "");
    }
}
