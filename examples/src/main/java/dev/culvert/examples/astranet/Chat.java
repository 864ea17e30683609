package dev.culvert.examples.astranet;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.culvert.api.Messages;
import dev.culvert.api.Node;
import java.io.IOException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/** A room in which everybody hears everybody, one message a line. The room is at a machine that cannot be dialled; so is everybody else. */
public final class Chat {
    private static final int MAX_LINE_BYTES = 4096;

    private final Set<Guest> guests = ConcurrentHashMap.newKeySet();

    /** Opens the room under a name. */
    public void open(Node node, String name) throws IOException {
        node.bindMessages(name, messages -> {
            Guest guest = new Guest(messages);
            guests.add(guest);
            try {
                for (byte[] line = messages.receive(MAX_LINE_BYTES);
                        line != null;
                        line = messages.receive(MAX_LINE_BYTES)) {
                    tellAll(line);
                }
            } finally {
                guests.remove(guest);
            }
        });
    }

    /** How many are here. */
    public int size() {
        return guests.size();
    }

    /** Whoever cannot be told has gone. */
    private void tellAll(byte[] line) {
        guests.removeIf(guest -> !guest.hears(line));
    }

    static void say(Messages chat, String line) throws IOException {
        chat.send(line.getBytes(UTF_8));
    }

    /** Waits for a line. */
    static String hear(Messages chat) throws IOException {
        byte[] line = chat.receive(MAX_LINE_BYTES);
        return line == null ? "" : new String(line, UTF_8);
    }

    /** One stream has one writer at a time. */
    private static final class Guest {
        private final Messages messages;
        private final ReentrantLock writing = new ReentrantLock();

        Guest(Messages messages) {
            this.messages = messages;
        }

        boolean hears(byte[] line) {
            writing.lock();
            try {
                messages.send(line);
                return true;
            } catch (IOException gone) {
                return false;
            } finally {
                writing.unlock();
            }
        }
    }
}
