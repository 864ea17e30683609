package dev.culvert.node;

/** A dial that is under way. Owned by its home loop. */
interface Dialling {
    /** The caller has lost interest: nothing more is told. */
    void cancel(int code);
}
