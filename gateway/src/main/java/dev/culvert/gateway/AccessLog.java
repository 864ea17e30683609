package dev.culvert.gateway;

/** Is told of every request once, when it is over. Called on event loops, so it must not block; any thread. */
public interface AccessLog {
    AccessLog NONE = record -> {};

    void onRequest(AccessRecord done);
}
