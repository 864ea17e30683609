package dev.culvert.node;

/** Where a stream leaves this node: through a session, or to a service of its own. <em>Immutable.</em> */
interface Exit {}
