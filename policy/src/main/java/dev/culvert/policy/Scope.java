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
public record Scope(String namespace, NamePatterns register, NamePatterns dial, PortRange publicPorts, boolean peer) {}
