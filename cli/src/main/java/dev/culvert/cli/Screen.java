package dev.culvert.cli;

import java.io.PrintStream;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Where a command says what happens: JSON lines, plain text, or text for a terminal with one living line at the bottom. Any thread;
 * lines are never mixed.
 */
final class Screen {
    /** How things are said. */
    enum Form {
        JSON,
        PLAIN,
        TERMINAL
    }

    private static final String CLEAR_LINE = "\r\u001b[K";
    private static final String BOLD = "\u001b[1m";
    private static final String GREEN = "\u001b[32m";
    private static final String NORMAL = "\u001b[0m";

    private final ReentrantLock lock = new ReentrantLock();
    private final PrintStream out;
    private final Form form;
    private String living = "";

    Screen(PrintStream out, Form form) {
        this.out = out;
        this.form = form;
    }

    static Screen of(Surroundings surroundings, boolean json) {
        boolean plain = !surroundings.terminal()
                || !surroundings.variable("NO_COLOR").isEmpty()
                || surroundings.variable("TERM").equals("dumb");
        return new Screen(surroundings.out(), json ? Form.JSON : plain ? Form.PLAIN : Form.TERMINAL);
    }

    boolean isTerminal() {
        return form == Form.TERMINAL;
    }

    void say(Event event) {
        lock.lock();
        try {
            print(event);
            out.flush();
        } finally {
            lock.unlock();
        }
    }

    private void print(Event event) {
        if (form == Form.JSON) {
            out.println(event.json());
        } else if (!event.text().isEmpty()) {
            out.print(living.isEmpty() ? "" : CLEAR_LINE);
            out.println(event.text());
            out.print(living);
        }
    }

    /** Replaces the line at the bottom; shown on a terminal only. */
    void live(String line) {
        if (form != Form.TERMINAL) {
            return;
        }
        lock.lock();
        try {
            if (!line.equals(living)) {
                out.print((living.isEmpty() ? "" : CLEAR_LINE) + line);
                out.flush();
                living = line;
            }
        } finally {
            lock.unlock();
        }
    }

    /** Leaves the line at the bottom as it is: the terminal belongs to another program now. */
    void yieldTerminal() {
        lock.lock();
        try {
            living = "";
        } finally {
            lock.unlock();
        }
    }

    /** Ends the living line, so that the next text starts on a line of its own. */
    void settle() {
        lock.lock();
        try {
            if (!living.isEmpty()) {
                out.println();
                out.flush();
                living = "";
            }
        } finally {
            lock.unlock();
        }
    }

    /** The mark before a step that succeeded. */
    String ok() {
        return form == Form.TERMINAL ? GREEN + "ok" + NORMAL : "ok";
    }

    String strong(String text) {
        return form == Form.TERMINAL ? BOLD + text + NORMAL : text;
    }
}
