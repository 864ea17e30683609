package dev.culvert.node;

/** What a relay knows of a name, for those who call without a credential. */
public enum Visibility {
    /** Nobody that is registered here offers it. */
    UNKNOWN,
    /** Its owner's link is lost, and the name is kept. */
    AWAY,
    /** Offered, to those who may dial it. */
    PRIVATE,
    /** All that offer it have said that anyone may call it over HTTP. */
    PUBLIC
}
