package dev.culvert.gateway;

import jakarta.websocket.OnMessage;
import jakarta.websocket.server.ServerEndpoint;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.servlets.DefaultServlet;
import org.apache.catalina.startup.Tomcat;
import org.apache.tomcat.websocket.server.WsSci;

/** Tomcat's WebSocket on a port of its own, which answers each message at {@code /ws} with itself. Any thread. */
public final class EchoServer implements AutoCloseable {
    private static final int MAX_MESSAGE = 16 << 20;

    private final Tomcat tomcat = new Tomcat();

    /** @param folder where Tomcat may write */
    EchoServer(Path folder, int port) throws LifecycleException {
        Connector connector = new Connector();
        connector.setProperty("address", "127.0.0.1");
        connector.setPort(port);
        tomcat.setBaseDir(folder.toString());
        tomcat.setConnector(connector);
        Context context = tomcat.addContext("", null);
        context.addServletContainerInitializer(new WsSci(), Set.of(Echo.class));
        Tomcat.addServlet(context, "default", new DefaultServlet()).addMapping("/");
        tomcat.start();
    }

    /** For programs that others wrote: {@code PORT}. Runs until it is ended. */
    public static void main(String[] args) throws IOException, LifecycleException {
        EchoServer server = new EchoServer(Files.createTempDirectory("echo"), Integer.parseInt(args[0]));
        System.out.println("echo ready at " + server.port());
        server.tomcat.getServer().await();
    }

    int port() {
        return tomcat.getConnector().getLocalPort();
    }

    @Override
    public void close() throws LifecycleException {
        tomcat.stop();
        tomcat.destroy();
    }

    /** What comes, goes back. Tomcat makes one for each connection. */
    @ServerEndpoint("/ws")
    public static final class Echo {
        @OnMessage(maxMessageSize = MAX_MESSAGE)
        public String text(String message) {
            return message;
        }

        @OnMessage(maxMessageSize = MAX_MESSAGE)
        public ByteBuffer binary(ByteBuffer message) {
            return message;
        }
    }
}
