package dev.culvert.examples;

import dev.culvert.api.Node;
import dev.culvert.node.CulvertNode;
import dev.culvert.node.ExposedService;
import dev.culvert.node.Target;
import java.nio.file.Files;
import java.nio.file.Path;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.unixdomain.server.UnixDomainServerConnector;
import org.eclipse.jetty.util.Callback;

/**
 * Jetty 12 on a machine that cannot be dialled: {@code CULVERT_JOIN='culvert://...' java ... JettyFromBehind}. Jetty wants channels of
 * the JDK's, so it listens on a Unix domain socket, which no other user of the machine can open, and the node leads the service there.
 */
public final class JettyFromBehind {
    private JettyFromBehind() {}

    public static void main(String[] args) throws Exception {
        Path folder = Files.createTempDirectory("jetty");
        try (Node node = Node.join(System.getenv("CULVERT_JOIN"))) {
            serve(node, "web", folder.resolve("web.sock"), new Hello()).join();
        }
    }

    /** @param socket in a folder that only its owner may enter */
    static Server serve(Node node, String name, Path socket, Handler handler) throws Exception {
        Server server = new Server();
        UnixDomainServerConnector connector = new UnixDomainServerConnector(server);
        connector.setUnixDomainPath(socket);
        server.addConnector(connector);
        server.setHandler(handler);
        server.start();
        ((CulvertNode) node).expose(ExposedService.of(name, Target.parse("unix:" + socket)));
        return server;
    }

    /** Says what was asked for. */
    static final class Hello extends Handler.Abstract {
        @Override
        public boolean handle(Request request, Response response, Callback callback) {
            Content.Sink.write(response, true, "Jetty at " + Request.getPathInContext(request), callback);
            return true;
        }
    }
}
