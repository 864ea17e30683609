package dev.culvert.bench;

import java.util.List;

/**
 * Who takes part in a row, and the processes it needs. <em>Immutable.</em>
 *
 * @param name as printed, and as goals refer to it
 * @param servers command lines in the order in which they are started; {@code {port}} is the port of the one before
 * @param clients command lines, started together; {@code {port}} is the last server's
 */
record Contestant(String name, List<List<String>> servers, List<List<String>> clients) {
    Contestant {
        servers = List.copyOf(servers);
        clients = List.copyOf(clients);
    }

    static Contestant of(String name, List<String> server, List<String> client) {
        return new Contestant(name, List.of(server), List.of(client));
    }
}
