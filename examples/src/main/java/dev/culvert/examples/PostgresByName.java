package dev.culvert.examples;

import dev.culvert.api.Node;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.SocketFactory;

/**
 * Asks a PostgreSQL on a machine that cannot be dialled, over JDBC: {@code CULVERT_JOIN='culvert://...' java ... PostgresByName edge7.db
 * postgres postgres 'select 1'}. The driver takes the name of a class that makes sockets, and one argument for it; so the class
 * has to find the node by that argument.
 */
public final class PostgresByName {
    private static final Map<String, Node> NODES = new ConcurrentHashMap<>();

    private PostgresByName() {}

    public static void main(String[] args) throws IOException, SQLException {
        try (Node node = Node.join(System.getenv("CULVERT_JOIN"));
                Connection connection = connect(node, args[0], args[1], args[2])) {
            System.out.println(ask(connection, args[3]));
        }
    }

    /** A connection pool takes the same URL and properties. */
    static Connection connect(Node node, String name, String user, String database) throws SQLException {
        NODES.put(node.name(), node);
        Properties properties = new Properties();
        properties.setProperty("user", user);
        properties.setProperty("socketFactory", Sockets.class.getName());
        properties.setProperty("socketFactoryArg", node.name() + "/" + name);
        // The sockets come connected, so this host is never looked up.
        return DriverManager.getConnection("jdbc:postgresql://localhost/" + database, properties);
    }

    static String ask(Connection connection, String query) throws SQLException {
        try (ResultSet rows = connection.createStatement().executeQuery(query)) {
            rows.next();
            return rows.getString(1);
        }
    }

    /** Made by the driver. Its argument is the node that dials, a slash, and the name that is dialled. */
    public static final class Sockets extends SocketFactory {
        private final Node node;
        private final String name;

        public Sockets(String argument) {
            int slash = argument.indexOf('/');
            Node dialler = NODES.get(argument.substring(0, Math.max(slash, 0)));
            if (dialler == null) {
                throw new IllegalArgumentException(
                        "socketFactoryArg '" + argument + "' (expected: node/name, a node of " + NODES.keySet() + ")");
            }
            this.node = dialler;
            this.name = argument.substring(slash + 1);
        }

        @Override
        public Socket createSocket() throws IOException {
            return node.socket(name);
        }

        @Override
        public Socket createSocket(String host, int port) throws IOException {
            return createSocket();
        }

        @Override
        public Socket createSocket(String host, int port, InetAddress local, int localPort) throws IOException {
            return createSocket();
        }

        @Override
        public Socket createSocket(InetAddress host, int port) throws IOException {
            throw new UnknownHostException(host + " (expected: none, the name is in socketFactoryArg)");
        }

        @Override
        public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort) throws IOException {
            return createSocket(host, port);
        }
    }
}
