package dev.culvert.api;

/** Who else may offer the same service name. <em>Immutable.</em> */
public enum Sharing {
    /** Nobody: a dial by the bare name reaches this node only. */
    EXCLUSIVE,
    /** Other nodes, but no second living process under this node's name. */
    NODES,
    /** Other nodes and other living processes of this node. */
    REPLICAS
}
