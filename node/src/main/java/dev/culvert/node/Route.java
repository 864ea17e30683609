package dev.culvert.node;

/**
 * A service and who reaches it. <em>Immutable.</em>
 *
 * @param sequence in which it was registered here [CTRL-15]
 */
record Route(Member member, Offer offer, long sequence) {}
