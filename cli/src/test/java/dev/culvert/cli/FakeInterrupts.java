package dev.culvert.cli;

import java.util.ArrayList;
import java.util.List;

/** Ctrl+C from a test. Any thread. */
final class FakeInterrupts implements Interrupts {
    private final List<Integer> halts = new ArrayList<>();
    private volatile Runnable action = () -> {};

    @Override
    public void onInterrupt(Runnable newAction) {
        action = newAction;
    }

    @Override
    public void halt(int exitCode) {
        halts.add(exitCode);
    }

    void interrupt() {
        action.run();
    }

    List<Integer> halts() {
        return halts;
    }
}
