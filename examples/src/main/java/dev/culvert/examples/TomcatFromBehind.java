package dev.culvert.examples;

import dev.culvert.api.Node;
import dev.culvert.node.CulvertNode;
import dev.culvert.node.ExposedService;
import dev.culvert.node.Target;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.startup.Tomcat;

/**
 * Tomcat on a machine that cannot be dialled: {@code CULVERT_JOIN='culvert://...' java ... TomcatFromBehind}. It listens on a Unix domain
 * socket, which no other user of the machine can open, and the node leads the service there.
 */
public final class TomcatFromBehind {
    private TomcatFromBehind() {}

    public static void main(String[] args) throws IOException, LifecycleException {
        Path folder = Files.createTempDirectory("tomcat");
        try (Node node = Node.join(System.getenv("CULVERT_JOIN"))) {
            serve(node, "web", folder, new Hello()).getServer().await();
        }
    }

    /** @param folder for Tomcat's files and the socket; only its owner may enter it */
    static Tomcat serve(Node node, String name, Path folder, HttpServlet servlet)
            throws IOException, LifecycleException {
        Path socket = folder.resolve("web.sock");
        Connector connector = new Connector("org.apache.coyote.http11.Http11NioProtocol");
        connector.setProperty("unixDomainSocketPath", socket.toString());
        Tomcat tomcat = new Tomcat();
        tomcat.setBaseDir(folder.toString());
        tomcat.setConnector(connector);
        Context context = tomcat.addContext("", folder.toString());
        Tomcat.addServlet(context, "servlet", servlet).addMapping("/*");
        tomcat.start();
        ((CulvertNode) node).expose(ExposedService.of(name, Target.parse("unix:" + socket)));
        return tomcat;
    }

    /** Says what was asked for. */
    static final class Hello extends HttpServlet {
        private static final long serialVersionUID = 1L;

        @Override
        protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
            response.getWriter().print("Tomcat at " + request.getPathInfo());
        }
    }
}
