package dev.culvert.examples.astranet;

import dev.culvert.api.AttachOptions;
import dev.culvert.api.ListenOptions;
import dev.culvert.api.Node;
import dev.culvert.api.Session;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * A link over whatever carries bytes both ways: a serial line, the pipes of a child process, a tunnel of somebody else's. No port is
 * opened, and each end proves to the other who it is.
 */
public final class Attach {
    private Attach() {}

    /** A node that takes links on byte streams only. It invites as others do. */
    static Node withoutPort(String name) throws IOException {
        return Node.builder().name(name).listen(ListenOptions.ATTACHED).start();
    }

    /** At one end. Blocks until the other has joined. */
    static Session serve(Node node, InputStream in, OutputStream out) throws IOException {
        return node.attach(in, out, AttachOptions.ACCEPTING);
    }

    /** At the other. */
    static Session join(Node node, InputStream in, OutputStream out, String invitation) throws IOException {
        return node.attach(in, out, AttachOptions.joining(invitation));
    }
}
